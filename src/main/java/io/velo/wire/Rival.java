package io.velo.wire;

import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.util.ReferenceCountUtil;
import io.velo.backend.Reason;
import io.velo.pool.Race;

/**
 * The second turn of an attempt, beside a first one, which is slow: whichever is answered first goes on, the other is cut. Once it is
 * ahead, it tells the attempt's owner whatever comes as the first turn would. For one event loop.
 */
final class Rival implements Turn.Holder {

    private final Attempt attempt;
    private final Attempt.Owner owner;
    private final Race race;
    private final Turn turn = Turn.unmirrored(this);
    private boolean ahead;

    Rival(Attempt attempt, Attempt.Owner owner, Race race) {
        this.attempt = attempt;
        this.owner = owner;
        this.race = race;
    }

    /** What becomes of the holds on both backends. */
    Race race() {
        return race;
    }

    /** Takes a connection or waits for one. */
    void start(ConnectionPool from) {
        turn.start(from);
    }

    /** The first turn is out, so this is the only one. */
    Turn takeOver() {
        ahead = true;
        return turn;
    }

    /** The first turn is ahead. */
    void close() {
        turn.close();
    }

    @Override
    public void send(BackendConnection to, CharSequence authority, boolean waited) {
        owner.sendBeside(race.second(), to, authority, this);
    }

    @Override
    public void refused(Reason why) {
        if (ahead) {
            owner.refused(why);
        } else {
            attempt.rivalFailed(race, why);
        }
    }

    @Override
    public boolean replayable() {
        return owner.replayable();
    }

    @Override
    public boolean resendable() {
        return owner.resendable();
    }

    @Override
    public void answered(HttpObject part) {
        if (!ahead && part.decoderResult().isFailure()) {
            ReferenceCountUtil.release(part);
            turn.close();
            attempt.rivalFailed(race, FailureReasons.ofHead(part.decoderResult().cause()));
            return;
        }
        if (!ahead) {
            ahead = true;
            attempt.overtaken(race, turn);
        }
        owner.answered(part);
    }

    @Override
    public void interim(HttpResponse head) {
        if (ahead) {
            owner.interim(head);
        } else {
            ReferenceCountUtil.release(head);
        }
    }

    @Override
    public void answerBatchEnded() {
        if (ahead) {
            owner.answerBatchEnded();
        }
    }

    @Override
    public void backendWritable() {
        // it has nothing to write but a head
    }

    @Override
    public void backendLost(Reason why) {
        if (ahead) {
            owner.backendLost(why);
        } else if (!turn.startsOver(why)) {
            attempt.rivalFailed(race, why);
        }
    }
}
