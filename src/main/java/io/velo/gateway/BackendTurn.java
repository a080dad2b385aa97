package io.velo.gateway;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.velo.backend.Reason;
import io.velo.wire.BackendConnection;
import io.velo.wire.ConnectionPool;
import io.velo.wire.Turn;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One request's turn on a connection to its backend: waits for one, sends, lets go of it. On the event loop of both. */
final class BackendTurn implements Turn.Holder {

    private final Supplier<ConnectionPool> pools;
    private final BackendRequest request;
    private final Duration responseTimeout;
    private final Consumer<HttpResponse> interim;
    private final Consumer<Boolean> connected;
    private final Turn turn = new Turn(this);
    private @Nullable BackendCall call;
    private @Nullable Channel channel;
    private @Nullable BodyUpload upload;
    private boolean over;

    /**
     * @param pools asked on the event loop for its connections to the backend
     * @param responseTimeout from the end of the request to the head of the answer
     * @param interim given interim answers
     * @param connected told when there is a connection, and whether it had to be waited for
     */
    BackendTurn(
            Supplier<ConnectionPool> pools,
            BackendRequest request,
            Duration responseTimeout,
            Consumer<HttpResponse> interim,
            Consumer<Boolean> connected) {
        this.pools = pools;
        this.request = request;
        this.responseTimeout = responseTimeout;
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
            turn.start(pools.get());
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
            to.requestSent(responseTimeout);
            to.flush();
            return;
        }
        BodyUpload sending =
                new BodyUpload(to, () -> to.requestSent(responseTimeout), () -> call().failed(Reason.CLIENT_ABORTED));
        upload = sending;
        request.body().subscribe(sending);
        sending.flush();
    }

    private BackendCall call() {
        return Objects.requireNonNull(call, "not started");
    }

    @Override
    public void answered(HttpObject part) {
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
        return request.replayable();
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
        dispose(sending);
    }

    /** Ends it without the whole answer; no effect if it is over. */
    void close() {
        if (!over) {
            over = true;
            turn.close();
            dispose(upload);
        }
    }

    private static void dispose(@Nullable BodyUpload sending) {
        if (sending != null) {
            sending.dispose();
        }
    }
}
