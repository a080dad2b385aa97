package io.velo.gateway;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.velo.backend.Reason;
import io.velo.wire.AnswerListener;
import io.velo.wire.BackendConnection;
import io.velo.wire.ConnectionPool;
import io.velo.wire.FailureReasons;
import io.velo.wire.Rival;
import io.velo.wire.Turn;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One request's turn on a connection to its backend: waits for one, sends, lets go of it. On the event loop of both. */
final class BackendTurn implements Rival.Race {

    private final Supplier<ConnectionPool> pools;
    private final BackendRequest request;
    private final BackendTimes times;
    private final Consumer<HttpResponse> interim;
    private final @Nullable Hedge hedge;
    private Turn turn = new Turn(this);
    private @Nullable Rival rival;
    private @Nullable Future<?> hedgeDue;
    private @Nullable BackendCall call;
    private @Nullable Channel channel;
    private @Nullable BodyUpload upload;
    private @Nullable Future<?> limit;
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
            if (hedge != null) {
                hedgeDue = by.eventLoop().schedule(this::race, hedge.delayNanos(), TimeUnit.NANOSECONDS);
            }
            turn.start(pools.get());
        }
    }

    private void race() {
        if (!over && !call().isAnswered() && hedge != null) {
            hedge.hold().ifPresent(pool -> {
                Rival second = new Rival(this);
                rival = second;
                second.start(pool);
            });
        }
    }

    @Override
    public void sendRival(BackendConnection to, CharSequence authority, AnswerListener by) {
        if (rival == null) {
            channel = to.channel(); // it is the only one by now
        }
        to.send(request.headFor(authority), by);
        to.requestSent(times.response());
        to.flush();
    }

    @Override
    public void overtaken(Turn by) {
        rival = null;
        turn.close();
        turn = by;
        BackendConnection from = by.connection();
        channel = from == null ? null : from.channel();
        if (hedge != null) {
            hedge.won();
        }
    }

    @Override
    public void rivalFailed(Reason why) {
        rival = null;
        if (hedge != null) {
            hedge.failed(why);
        }
    }

    private void dropRival() {
        Rival second = rival;
        if (second != null && hedge != null) {
            rival = null;
            second.close();
            hedge.lost();
        }
    }

    /** The attempt has failed; if there is a second one, that goes on alone. */
    private void fail(Reason why) {
        Rival second = rival;
        if (second != null && hedge != null) {
            rival = null;
            turn.close();
            turn = second.takeOver();
            BackendConnection from = turn.connection();
            channel = from == null ? null : from.channel();
            hedge.left(why);
        } else {
            call().failed(why);
        }
    }

    /** Whoever could not even be reached by now has not had the request. */
    private void overdue() {
        if (!over && !call().isAnswered()) {
            fail(turn.connection() == null ? Reason.CONNECTION_TIMEOUT : Reason.HTTP_RESPONSE_TIMEOUT);
        }
    }

    private void inTime() {
        Future<?> running = limit;
        if (running != null) {
            limit = null;
            running.cancel(false);
        }
        Future<?> due = hedgeDue;
        if (due != null) {
            hedgeDue = null;
            due.cancel(false);
        }
    }

    @Override
    public void refused(Reason why) {
        fail(why);
    }

    @Override
    public void send(BackendConnection to, CharSequence authority, boolean waited) {
        channel = to.channel();
        request.connected(waited);
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
        if (rival != null && part.decoderResult().isFailure()) {
            ReferenceCountUtil.release(part);
            fail(FailureReasons.ofHead(part.decoderResult().cause()));
            return;
        }
        inTime();
        dropRival();
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
        if (call().isAnswered() || !turn.startsOver(why)) {
            fail(why);
        }
    }

    /** Reads on if the rest of the answer is wanted, and only then. */
    void wantMore(boolean wanted) {
        BackendConnection from = turn.connection();
        if (from != null) {
            from.wantMore(wanted);
        }
    }

    /** The answer was a switch of protocols: the connection is somebody else's from now on. */
    BackendConnection handOver() {
        over = true;
        BackendConnection switched = Objects.requireNonNull(turn.connection(), "no connection");
        turn.forget();
        return switched;
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
            dropRival();
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
