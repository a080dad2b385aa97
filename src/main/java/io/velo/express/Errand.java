package io.velo.express;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.util.concurrent.Future;
import io.velo.backend.Backend;
import io.velo.backend.Reason;
import io.velo.pool.Lease;
import io.velo.pool.Pick;
import io.velo.pool.Retries;
import io.velo.pool.Retry;
import io.velo.wire.AnswerListener;
import io.velo.wire.Attempt;
import io.velo.wire.BackendConnection;
import io.velo.wire.ClientGuards;
import io.velo.wire.ConnectionPool;
import io.velo.wire.Room;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Gets one request to a backend that answers it: waits for one with room, takes a connection, sends, and starts over with
 * another backend or asks two at once where the pool says so. What is answered goes to the {@link Relay}. On the client's event loop.
 */
final class Errand implements Attempt.Owner, Room.Guest {

    private final ExpressLane lane;
    private final Channel client;
    private final ExpressRequest request;
    private final Attempts attempts;
    private final Exchange exchange;
    private final Attempt attempt = new Attempt(this);
    private @Nullable Future<?> pause; // none unless it has to wait before it is sent again
    private @Nullable Room room; // none unless it has to wait for a backend with room

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
            await();
        } else {
            exchange.giveUp(none.reason());
        }
    }

    private void await() {
        Room waiting = new Room(eventLoop(), this);
        room = waiting;
        attempts.await(waiting);
    }

    @Override
    public void served(Lease lease) {
        attempts.served(lease);
        startOver();
    }

    @Override
    public void turnedAway() {
        exchange.giveUp(Reason.CONNECTION_LIMIT_REACHED);
    }

    private EventLoop eventLoop() {
        return client.eventLoop();
    }

    /** Does something in a while, unless the request ends before; nothing else may be due meanwhile. */
    void later(long nanos, Runnable what) {
        pause = eventLoop().schedule(what, nanos, TimeUnit.NANOSECONDS);
    }

    private void stopWaiting() {
        if (room != null) {
            room.leave();
        }
        if (pause != null) {
            pause.cancel(false);
        }
    }

    /** Goes on with the backend that is held now. */
    void startOver() {
        connect();
        exchange.goOn();
    }

    private void connect() {
        Backend backend = attempts.held().backend();
        ConnectionPool from = request.webSocket()
                ? lane.connections().switching(backend, client)
                : lane.connections().of(backend, client);
        attempt.start(eventLoop(), from, attempts.settings().attemptTimeout(), attempts.hedgeNanos());
    }

    @Override
    public void slow() {
        attempts.beside()
                .ifPresent(race ->
                        attempt.beside(race, lane.connections().of(race.second().backend(), client)));
    }

    @Override
    public void send(BackendConnection to, CharSequence authority, boolean waited) {
        attempts.connected(waited);
        to.send(headFor(authority, attempts.held()), this);
        exchange.follow(to, waited);
    }

    @Override
    public void sendBeside(Lease second, BackendConnection to, CharSequence authority, AnswerListener by) {
        to.send(headFor(authority, second), by);
        to.requestSent();
        to.flush();
    }

    /** The head for the backend of that authority, which is told to which trace the request belongs, if it does to any. */
    private HttpRequest headFor(CharSequence authority, Lease to) {
        HttpRequest head = request.headFor(authority, attempts.account().route().edits());
        if (to.traced()) {
            to.sent(head.headers()::set);
        }
        return head;
    }

    @Override
    public void overtaken(Lease by, Optional<Reason> failure) {
        attempts.overtaken(by, failure);
    }

    /** The answer begins, so nobody else is asked. */
    void headArrived() {
        attempt.answered();
    }

    @Override
    public void refused(Reason why) {
        fail(why);
    }

    @Override
    public void answered(HttpObject part) {
        exchange.relay().answered(part);
    }

    @Override
    public void interim(HttpResponse head) {
        ClientGuards.interim(client, head);
    }

    @Override
    public void answerBatchEnded() {
        exchange.relay().batchEnded();
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
            attempt.forget();
            exchange.relay().broke();
        } else if (!attempt.startsOver(why)) {
            fail(why);
        }
    }

    /** What is being answered, or was to be, has come to nothing. */
    void fail(Reason why) {
        attempt.fail(why);
    }

    /** There may be another attempt. */
    @Override
    public void failed(Reason why) {
        attempts.failed(why);
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
        return attempt.connection();
    }

    /** The connection isn't one for requests any more. */
    void forget() {
        attempt.forget();
    }

    /**
     * An answer is whole, or isn't wanted.
     *
     * @param reusable whether nothing more of either is to come
     */
    void complete(boolean reusable) {
        attempt.complete(reusable);
    }

    /** Lets go of all backends. */
    void end() {
        stopWaiting();
        attempt.close();
    }
}
