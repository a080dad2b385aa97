package io.velo.wire;

import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.util.ReferenceCountUtil;
import io.velo.backend.Reason;

/**
 * A second attempt at a request that runs beside a first one, which is slow: whichever is answered first goes on, the other is cut.
 * Once it is ahead, it tells the request whatever comes as any attempt would. For one event loop.
 */
public final class Rival implements Turn.Holder {

    /** The request, which is told by its first attempt, too. */
    public interface Race extends Turn.Holder {

        /** The rival has a connection: the whole request is to be written for this listener. */
        void sendRival(BackendConnection to, CharSequence authority, AnswerListener by);

        /** The rival is answered first: its turn is the request's from now on. */
        void overtaken(Turn by);

        /** The rival is out. */
        void rivalFailed(Reason why);
    }

    private final Race race;
    private final Turn turn = Turn.unmirrored(this);
    private boolean ahead;

    public Rival(Race race) {
        this.race = race;
    }

    /** Takes a connection or waits for one. */
    public void start(ConnectionPool from) {
        turn.start(from);
    }

    /** The first attempt is out, so this is the only one. */
    public Turn takeOver() {
        ahead = true;
        return turn;
    }

    /** The first attempt is ahead. */
    public void close() {
        turn.close();
    }

    @Override
    public void send(BackendConnection to, CharSequence authority, boolean waited) {
        race.sendRival(to, authority, this);
    }

    @Override
    public void refused(Reason why) {
        failed(why);
    }

    private void failed(Reason why) {
        if (ahead) {
            race.refused(why);
        } else {
            race.rivalFailed(why);
        }
    }

    @Override
    public boolean replayable() {
        return race.replayable();
    }

    @Override
    public boolean resendable() {
        return race.resendable();
    }

    @Override
    public void answered(HttpObject part) {
        if (!ahead && part.decoderResult().isFailure()) {
            ReferenceCountUtil.release(part);
            turn.close();
            race.rivalFailed(FailureReasons.ofHead(part.decoderResult().cause()));
            return;
        }
        if (!ahead) {
            ahead = true;
            race.overtaken(turn);
        }
        race.answered(part);
    }

    @Override
    public void interim(HttpResponse head) {
        if (ahead) {
            race.interim(head);
        } else {
            ReferenceCountUtil.release(head);
        }
    }

    @Override
    public void answerBatchEnded() {
        if (ahead) {
            race.answerBatchEnded();
        }
    }

    @Override
    public void backendWritable() {
        // it has nothing to write but a head
    }

    @Override
    public void backendLost(Reason why) {
        if (ahead) {
            race.backendLost(why);
        } else if (!turn.startsOver(why)) {
            race.rivalFailed(why);
        }
    }
}
