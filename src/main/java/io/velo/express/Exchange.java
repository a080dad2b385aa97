package io.velo.express;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.velo.backend.Reason;
import io.velo.http.Problem;
import io.velo.pool.Pick;
import io.velo.wire.AnswerListener;
import io.velo.wire.BackendConnection;
import io.velo.wire.ClientGuards;
import io.velo.wire.ConnectionPool;
import io.velo.wire.FailureReasons;
import io.velo.wire.ProblemAnswer;
import io.velo.wire.Taker;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One request from its head to the end of its answer, on one event loop: takes a connection, sends, passes the answer on, and
 * ends once, in whatever way. What the client does comes from {@link LaneSwitch}, what the backend does from
 * {@link BackendConnection}.
 */
final class Exchange implements Taker, AnswerListener {

    private final ExpressLane lane;
    private final ChannelHandlerContext client;
    private final LaneSwitch owner;
    private final ExpressRequest request;
    private final Attempts attempts;
    private final Upload upload;
    private final Download download;
    private @Nullable ConnectionPool asked;
    private @Nullable BackendConnection connection;
    private @Nullable Future<?> deadline;
    private boolean repeated;
    private boolean ended;

    Exchange(
            ExpressLane lane,
            ChannelHandlerContext client,
            LaneSwitch owner,
            ExpressRequest request,
            Attempts attempts) {
        this.lane = lane;
        this.client = client;
        this.owner = owner;
        this.request = request;
        this.attempts = attempts;
        this.upload = new Upload(request.bodyless());
        this.download = new Download(client, request);
    }

    /** Takes a backend and sends what there is; the flush comes with the end of the client's read. */
    void start(Duration most) {
        if (!most.isZero()) {
            deadline = client.channel().eventLoop().schedule(this::overdue, most.toNanos(), TimeUnit.NANOSECONDS);
        }
        if (attempts.next() instanceof Pick.None none) {
            giveUp(none.reason());
        } else {
            connect();
        }
    }

    private void connect() {
        ConnectionPool pool = lane.connections().of(attempts.backend(), client.channel());
        asked = pool;
        BackendConnection free = pool.take(this);
        if (free != null) {
            send(free, pool);
        }
    }

    private void send(BackendConnection to, ConnectionPool pool) {
        connection = to;
        to.send(request.headFor(pool.authority(), attempts.route().edits()), this);
        upload.follow(to);
        if (request.expectsContinue() && !upload.whole()) {
            download.goOn();
        }
    }

    @Override
    public void connected(BackendConnection free) {
        ConnectionPool pool = asked;
        if (ended || pool == null) {
            free.release();
            return;
        }
        send(free, pool);
        free.flush();
        owner.readOn();
    }

    @Override
    public void refused(Reason why) {
        fail(why);
    }

    /** A part of the body, or its end, from the client. */
    void part(HttpContent part) {
        upload.part(part);
        if (ended) {
            drained();
        }
    }

    /** What one read of the client's connection brought has been told. */
    void requestBatchEnded() {
        BackendConnection to = connection;
        if (to != null) {
            to.flush();
        }
    }

    boolean wantsMore() {
        return upload.wantsMore();
    }

    @Override
    public void answered(HttpObject part) {
        if (part instanceof HttpResponse head) {
            answerBegins(head);
        } else {
            answerGoesOn((HttpContent) part);
        }
    }

    private void answerBegins(HttpResponse head) {
        if (head.decoderResult().isFailure()) {
            Reason why = FailureReasons.of(head.decoderResult().cause());
            ReferenceCountUtil.release(head);
            fail(why.blamesBackend() ? why : Reason.HTTP_PROTOCOL_ERROR);
            return;
        }
        attempts.answered(head.status().code());
        BackendConnection from = connection;
        if (from != null && head.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS)) {
            switchOver(head, from);
            return;
        }
        download.head(head, attempts.route().edits().answer());
    }

    /** From now on bytes go both ways, and the lease lasts until either side ends it. */
    private void switchOver(HttpResponse head, BackendConnection backend) {
        connection = null;
        end();
        download.switched(head);
        Tunnel clientEnd = Tunnel.of(attempts);
        owner.becomeTunnel(clientEnd);
        backend.becomeTunnel(clientEnd.other());
        client.channel().config().setAutoRead(true);
    }

    private void answerGoesOn(HttpContent part) {
        if (part.decoderResult().isFailure()) {
            ReferenceCountUtil.release(part);
            fail(Reason.HTTP_RESPONSE_INCOMPLETE);
            return;
        }
        boolean last = part instanceof LastHttpContent;
        boolean ready = download.part(part);
        BackendConnection from = connection;
        if (last) {
            complete();
        } else if (!ready && from != null) {
            from.wantMore(false);
        }
    }

    @Override
    public void interim(HttpResponse head) {
        ClientGuards.interim(client.channel(), head);
    }

    @Override
    public void answerBatchEnded() {
        download.flush();
    }

    void clientWritable() {
        BackendConnection from = connection;
        if (from != null && client.channel().isWritable()) {
            from.wantMore(true);
        }
    }

    @Override
    public void backendWritable() {
        owner.readOn();
    }

    @Override
    public void backendLost(boolean silent) {
        BackendConnection gone = connection;
        connection = null;
        boolean stale = gone != null && gone.reused() && !silent && !attempts.answered();
        if (stale && !repeated && request.replayable() && asked != null) {
            repeated = true;
            asked.takeNew(this);
        } else {
            Reason early = silent ? Reason.HTTP_RESPONSE_TIMEOUT : Reason.CONNECTION_TERMINATED;
            fail(attempts.answered() ? Reason.HTTP_RESPONSE_INCOMPLETE : early);
        }
    }

    /** The client has left. */
    void clientGone() {
        if (end()) {
            attempts.failed(Reason.CLIENT_ABORTED);
            attempts.gaveUp(Reason.CLIENT_ABORTED);
        }
    }

    /** The rest of the body can't be read; the guard before the lanes has the word. */
    void requestBroke() {
        if (end()) {
            attempts.failed(Reason.HTTP_REQUEST_ERROR);
            attempts.gaveUp(Reason.HTTP_REQUEST_ERROR);
        }
    }

    private void overdue() {
        if (!ended) {
            attempts.overdue();
            giveUp(Reason.HTTP_RESPONSE_TIMEOUT);
        }
    }

    private void complete() {
        BackendConnection done = connection;
        connection = null;
        attempts.complete();
        download.flush();
        if (done != null && (upload.whole() || request.bodyless())) {
            done.release();
        } else if (done != null) {
            done.close(); // the backend has answered without waiting for the whole request
        }
        end();
        drained();
    }

    private void fail(Reason why) {
        attempts.failed(why);
        closeConnection();
        if (attempts.another(why)) {
            connect();
            requestBatchEnded();
        } else {
            giveUp(why);
        }
    }

    private void giveUp(Reason why) {
        if (!end()) {
            return;
        }
        attempts.gaveUp(why);
        if (download.begun()) {
            download.cut();
        } else {
            download.answer(ProblemAnswer.of(Problem.of(why)));
            drained();
        }
    }

    /** Lets go of everything but the client. */
    private boolean end() {
        if (ended) {
            return false;
        }
        ended = true;
        Future<?> running = deadline;
        if (running != null) {
            running.cancel(false);
        }
        ConnectionPool pool = asked;
        if (pool != null && connection == null && !attempts.answered()) {
            pool.forget(this);
        }
        closeConnection();
        upload.drop();
        return true;
    }

    private void closeConnection() {
        BackendConnection broken = connection;
        connection = null;
        if (broken != null) {
            broken.close();
        }
    }

    /** The answer is out: the client's turn is over as soon as the rest of its request has been read, or is too much. */
    private void drained() {
        if (upload.whole() && !download.closes()) {
            owner.turnOver();
        } else if (download.closes() || upload.endless()) {
            owner.close(upload.whole());
        }
    }
}
