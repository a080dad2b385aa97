package io.velo.gateway;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.util.ReferenceCountUtil;
import io.velo.backend.Reason;
import io.velo.pool.Lease;
import io.velo.wire.AnswerListener;
import io.velo.wire.Attempt;
import io.velo.wire.BackendConnection;
import io.velo.wire.ConnectionPool;
import io.velo.wire.FailureReasons;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One request's turn on a connection to its backend: waits for one, sends, lets go of it. On the event loop of both. */
final class BackendTurn implements Attempt.Owner {

    private final Supplier<ConnectionPool> pools;
    private final BackendRequest request;
    private final BackendTimes times;
    private final Consumer<HttpResponse> interim;
    private final @Nullable Hedge hedge;
    private final Attempt attempt = new Attempt(this);
    private @Nullable BackendCall call;
    private @Nullable Channel channel;
    private @Nullable BodyUpload upload;
    private boolean over;

    /**
     * @param pools asked on the event loop for its connections to the backend
     * @param times how long it may take
     * @param interim given interim answers
     * @param hedge where to get a second backend from, if there may be one
     */
    BackendTurn(
            Supplier<ConnectionPool> pools,
            BackendRequest request,
            BackendTimes times,
            Consumer<HttpResponse> interim,
            @Nullable Hedge hedge) {
        this.pools = pools;
        this.request = request;
        this.times = times;
        this.interim = interim;
        this.hedge = hedge;
    }

    BackendRequest request() {
        return request;
    }

    /** The connection that the answer comes in on. */
    Channel channel() {
        return Objects.requireNonNull(channel, "no answer yet");
    }

    /** Takes a connection or waits for one. */
    void start(BackendCall by) {
        if (!over && call == null) {
            call = by;
            attempt.start(by.eventLoop(), pools.get(), times.attempt(), hedge == null ? 0 : hedge.delayNanos());
        }
    }

    @Override
    public void slow() {
        if (hedge != null) {
            hedge.open().ifPresent(race -> attempt.beside(race, hedge.connections(race)));
        }
    }

    @Override
    public void sendBeside(Lease second, BackendConnection to, CharSequence authority, AnswerListener by) {
        to.send(request.headFor(authority, second), by);
        to.requestSent(times.response());
        to.flush();
    }

    @Override
    public void overtaken(Lease by, Optional<Reason> failure) {
        if (hedge != null) {
            hedge.overtaken(by, failure);
        }
    }

    @Override
    public void failed(Reason why) {
        call().failed(why);
    }

    @Override
    public void refused(Reason why) {
        attempt.fail(why);
    }

    @Override
    public void send(BackendConnection to, CharSequence authority, boolean waited) {
        request.connected(waited);
        to.send(hedge == null ? request.headFor(authority) : request.headFor(authority, hedge.first()), this);
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
        if (part.decoderResult().isFailure()) {
            ReferenceCountUtil.release(part);
            attempt.fail(FailureReasons.ofHead(part.decoderResult().cause()));
            return;
        }
        attempt.answered();
        BackendConnection from = attempt.connection();
        channel = from == null ? channel : from.channel();
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
        return request.repeatable() && resendable();
    }

    @Override
    public boolean resendable() {
        BodyUpload sending = upload;
        return sending == null || sending.replayable();
    }

    @Override
    public boolean firstToSend() {
        return request.firstToSend();
    }

    @Override
    public void backendLost(Reason why) {
        if (call().isAnswered() || !attempt.startsOver(why)) {
            attempt.fail(why);
        }
    }

    /** Reads on if the rest of the answer is wanted, and only then. */
    void wantMore(boolean wanted) {
        BackendConnection from = attempt.connection();
        if (from != null) {
            from.wantMore(wanted);
        }
    }

    /** The answer was a switch of protocols: the connection is somebody else's from now on. */
    BackendConnection handOver() {
        over = true;
        BackendConnection switched = Objects.requireNonNull(attempt.connection(), "no connection");
        attempt.forget();
        return switched;
    }

    /** The answer is whole. */
    void complete() {
        over = true;
        BodyUpload sending = upload;
        attempt.complete(sending == null || sending.over());
        rewind(sending);
    }

    /** Ends it without the whole answer; no effect if it is over. */
    void close() {
        if (!over) {
            over = true;
            attempt.close();
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
