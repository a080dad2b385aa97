package io.velo.gateway;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.util.concurrent.Future;
import io.velo.backend.Reason;
import io.velo.wire.BackendConnection;
import io.velo.wire.ConnectionPool;
import io.velo.wire.Turn;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One request's turn on a connection to its backend: waits for one, sends, lets go of it. On the event loop of both. */
final class BackendTurn implements Turn.Holder {

    private final Supplier<ConnectionPool> pools;
    private final BackendRequest request;
    private final BackendTimes times;
    private final Consumer<HttpResponse> interim;
    private final Consumer<Boolean> connected;
    private final Turn turn = new Turn(this);
    private @Nullable BackendCall call;
    private @Nullable Channel channel;
    private @Nullable BodyUpload upload;
    private @Nullable Future<?> limit;
    private boolean over;

    /**
     * @param pools asked on the event loop for its connections to the backend
     * @param times how long it may take
     * @param interim given interim answers
     * @param connected told when there is a connection, and whether it had to be waited for
     */
    BackendTurn(
            Supplier<ConnectionPool> pools,
            BackendRequest request,
            BackendTimes times,
            Consumer<HttpResponse> interim,
            Consumer<Boolean> connected) {
        this.pools = pools;
        this.request = request;
        this.times = times;
        this.interim = interim;
        this.connected = connected;
    }

    BackendRequest request() {
        return request;
    }

    /** The connection that the request was sent on. */
    Channel channel() {
        return Objects.requireNonNull(channel, "no connection yet");
    }

    /** Takes a connection or waits for one. */
    void start(BackendCall by) {
        if (!over && call == null) {
            call = by;
            if (!times.attempt().isZero()) {
                limit = by.eventLoop().schedule(this::overdue, times.attempt().toNanos(), TimeUnit.NANOSECONDS);
            }
            turn.start(pools.get());
        }
    }

    /** Whoever could not even be reached by now has not had the request. */
    private void overdue() {
        if (!over && !call().isAnswered()) {
            call().failed(turn.connection() == null ? Reason.CONNECTION_TIMEOUT : Reason.HTTP_RESPONSE_TIMEOUT);
        }
    }

    private void inTime() {
        Future<?> running = limit;
        if (running != null) {
            limit = null;
            running.cancel(false);
        }
    }

    @Override
    public void refused(Reason why) {
        call().failed(why);
    }

    @Override
    public void send(BackendConnection to, CharSequence authority, boolean waited) {
        channel = to.channel();
        connected.accept(waited);
        to.send(request.headFor(authority), this);
        if (request.bodyless()) {
            to.requestSent(times.response());
            to.flush();
            return;
        }
        BodyUpload sending = request.upload(to.channel());
        upload = sending;
        sending.follow(to, () -> to.requestSent(times.response()), () -> call().failed(Reason.CLIENT_ABORTED));
    }

    private BackendCall call() {
        return Objects.requireNonNull(call, "not started");
    }

    @Override
    public void answered(HttpObject part) {
        inTime();
        call().answered(part);
    }

    @Override
    public void interim(HttpResponse head) {
        interim.accept(head);
    }

    @Override
    public void answerBatchEnded() {
        call().answerBatchEnded();
    }

    @Override
    public void backendWritable() {
        BodyUpload sending = upload;
        if (sending != null) {
            sending.backendWritable();
        }
    }

    @Override
    public boolean replayable() {
        BodyUpload sending = upload;
        return request.repeatable() && (sending == null || sending.replayable());
    }

    @Override
    public boolean firstToSend() {
        return request.firstToSend();
    }

    @Override
    public void backendLost(boolean silent) {
        if (call().isAnswered() || !turn.startsOver(silent)) {
            call().failed(silent ? Reason.HTTP_RESPONSE_TIMEOUT : Reason.CONNECTION_TERMINATED);
        }
    }

    /** Reads on if the rest of the answer is wanted, and only then. */
    void wantMore(boolean wanted) {
        BackendConnection from = turn.connection();
        if (from != null) {
            from.wantMore(wanted);
        }
    }

    /** The answer is whole. */
    void complete() {
        over = true;
        BodyUpload sending = upload;
        turn.complete(sending == null || sending.over());
        rewind(sending);
    }

    /** Ends it without the whole answer; no effect if it is over. */
    void close() {
        if (!over) {
            over = true;
            inTime();
            turn.close();
            rewind(upload);
        }
    }

    /** Whether anybody else gets it is for others to say. */
    private static void rewind(@Nullable BodyUpload sending) {
        if (sending != null) {
            sending.rewind();
        }
    }
}
