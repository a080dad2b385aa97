package io.velo.express;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.velo.backend.Reason;
import io.velo.pool.Lease;
import io.velo.pool.Line;
import io.velo.pool.Pick;
import io.velo.pool.Retries;
import io.velo.pool.Retry;
import io.velo.wire.AnswerListener;
import io.velo.wire.BackendConnection;
import io.velo.wire.ClientGuards;
import io.velo.wire.Rival;
import io.velo.wire.Turn;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Gets one request to a backend that answers it: waits for one with room, takes a connection, sends, and starts over with
 * another backend or asks two at once where the pool says so. What comes of it is the {@link Exchange}'s. On its event loop.
 */
final class Errand implements Rival.Race {

    private final ExpressLane lane;
    private final Channel client;
    private final ExpressRequest request;
    private final Attempts attempts;
    private final Exchange exchange;
    private final Deadline attempt = new Deadline();
    private Turn turn = new Turn(this);
    private @Nullable Rival rival;
    private @Nullable Deadline hedge; // none unless a second backend may be asked
    private Line.@Nullable Place place;
    private boolean ended;

    Errand(ExpressLane lane, Channel client, ExpressRequest request, Attempts attempts, Exchange exchange) {
        this.lane = lane;
        this.client = client;
        this.request = request;
        this.attempts = attempts;
        this.exchange = exchange;
    }

    void start() {
        if (!(attempts.next() instanceof Pick.None none)) {
            connect();
        } else if (none.reason() == Reason.CONNECTION_LIMIT_REACHED) {
            queue();
        } else {
            exchange.giveUp(none.reason());
        }
    }

    private void queue() {
        Optional<Line.Place> joined = attempts.queue(lease -> eventLoop().execute(() -> served(lease)));
        if (joined.isEmpty()) {
            exchange.giveUp(Reason.CONNECTION_LIMIT_REACHED);
        } else {
            place = joined.get();
            later(attempts.settings().queueTimeout().toNanos(), this::waitedTooLong);
        }
    }

    private void served(Lease lease) {
        place = null;
        if (ended) {
            lease.abort(Reason.CLIENT_ABORTED);
            return;
        }
        attempt.cancel();
        attempts.served(lease);
        startOver();
    }

    private void waitedTooLong() {
        Line.Place mine = place;
        if (mine != null && mine.leave()) {
            exchange.giveUp(Reason.CONNECTION_LIMIT_REACHED);
        }
    }

    private EventLoop eventLoop() {
        return client.eventLoop();
    }

    /** Does something in a while, unless the request ends before; nothing else may be due meanwhile. */
    void later(long nanos, Runnable what) {
        attempt.startNanos(eventLoop(), nanos, what);
    }

    /** Goes on with the backend that is held now. */
    void startOver() {
        connect();
        exchange.goOn();
    }

    private void connect() {
        attempt.start(eventLoop(), attempts.settings().attemptTimeout(), this::overdue);
        long delay = attempts.hedgeNanos();
        if (delay > 0) {
            Deadline due = new Deadline();
            due.startNanos(eventLoop(), delay, this::race);
            hedge = due;
        }
        turn.start(
                request.webSocket()
                        ? lane.connections().switching(attempts.backend(), client)
                        : lane.connections().of(attempts.backend(), client));
    }

    /** One attempt has taken too long. Whoever could not even be reached by now has not had the request. */
    private void overdue() {
        fail(turn.connection() == null ? Reason.CONNECTION_TIMEOUT : Reason.HTTP_RESPONSE_TIMEOUT);
    }

    private void race() {
        attempts.beside().ifPresent(backend -> {
            Rival second = new Rival(this);
            rival = second;
            second.start(lane.connections().of(backend, client));
        });
    }

    @Override
    public void send(BackendConnection to, CharSequence authority, boolean waited) {
        attempts.connected(waited);
        to.send(attempts.traced(request.headFor(authority, attempts.route().edits())), this);
        exchange.follow(to, waited);
    }

    @Override
    public void sendRival(BackendConnection to, CharSequence authority, AnswerListener by) {
        to.send(
                attempts.tracedBeside(
                        request.headFor(authority, attempts.route().edits())),
                by);
        to.requestSent();
        to.flush();
    }

    @Override
    public void overtaken(Turn by) {
        rival = null;
        turn.close();
        turn = by;
        attempts.secondLeads();
    }

    @Override
    public void rivalFailed(Reason why) {
        rival = null;
        attempts.secondEnds(Optional.of(why));
    }

    /** Whether there is a second attempt that goes on alone when the first one has failed. */
    private boolean rivalGoesOn() {
        Rival second = rival;
        if (second == null) {
            return false;
        }
        rival = null;
        turn = second.takeOver();
        attempts.secondLeads();
        return true;
    }

    /** The answer begins, so nobody else is asked. */
    void headArrived() {
        stopClocks();
    }

    private void stopClocks() {
        attempt.cancel();
        dropRival();
    }

    private void dropRival() {
        Deadline due = hedge;
        if (due != null) {
            hedge = null;
            due.cancel();
        }
        Rival second = rival;
        if (second != null) {
            rival = null;
            second.close();
            attempts.secondEnds(Optional.empty());
        }
    }

    @Override
    public void refused(Reason why) {
        fail(why);
    }

    @Override
    public void answered(HttpObject part) {
        exchange.answered(part);
    }

    @Override
    public void interim(HttpResponse head) {
        ClientGuards.interim(client, head);
    }

    @Override
    public void answerBatchEnded() {
        exchange.answerBatchEnded();
    }

    @Override
    public void backendWritable() {
        exchange.backendWritable();
    }

    @Override
    public boolean replayable() {
        return Retries.repeatable(request) && resendable();
    }

    @Override
    public boolean resendable() {
        boolean again = exchange.replayable();
        if (again) {
            exchange.rewind();
        }
        return again;
    }

    @Override
    public void backendLost(Reason why) {
        if (attempts.answered()) {
            turn.forget();
            exchange.answerBroke();
        } else if (!turn.startsOver(why)) {
            fail(why);
        }
    }

    /** The attempt has come to nothing; there may be another one. */
    void fail(Reason why) {
        attempts.failed(why);
        turn.close();
        if (rivalGoesOn()) {
            return;
        }
        stopClocks();
        Retry retry = attempts.again(why, exchange.replayable());
        exchange.rewind();
        if (!retry.granted()) {
            exchange.giveUp(why);
        } else if (retry.delayNanos() == 0) {
            tryAnother(why);
        } else {
            later(retry.delayNanos(), () -> tryAnother(why));
        }
    }

    private void tryAnother(Reason why) {
        if (attempts.another()) {
            startOver();
        } else {
            exchange.giveUp(why);
        }
    }

    /** The connection, while it is held. */
    @Nullable
    BackendConnection connection() {
        return turn.connection();
    }

    /** The connection isn't one for requests any more. */
    void forget() {
        turn.forget();
    }

    /**
     * An answer is whole, or isn't wanted.
     *
     * @param reusable whether nothing more of either is to come
     */
    void complete(boolean reusable) {
        turn.complete(reusable);
    }

    /** Lets go of all backends. */
    void end() {
        ended = true;
        stopClocks();
        turn.close();
        Line.Place mine = place;
        if (mine != null) {
            mine.leave();
        }
    }
}
