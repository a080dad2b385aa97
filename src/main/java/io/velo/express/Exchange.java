package io.velo.express;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.velo.backend.Reason;
import io.velo.http.Problem;
import io.velo.pool.Pick;
import io.velo.wire.BackendConnection;
import io.velo.wire.ClientGuards;
import io.velo.wire.FailureReasons;
import io.velo.wire.ProblemAnswer;
import io.velo.wire.Turn;
import java.time.Duration;

/**
 * One request from its head to the end of its answer, on one event loop: takes a connection, sends, passes the answer on, and
 * ends once, in whatever way. What the client does comes from {@link LaneSwitch}, what the backend does from
 * {@link BackendConnection}.
 */
final class Exchange implements Turn.Holder {

    private final ExpressLane lane;
    private final ChannelHandlerContext client;
    private final LaneSwitch owner;
    private final ExpressRequest request;
    private final Attempts attempts;
    private final Upload upload;
    private final Download download;
    private final Turn turn = new Turn(this);
    private final Deadline deadline = new Deadline();
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
        deadline.start(client.channel().eventLoop(), most, this::overdue);
        if (attempts.next() instanceof Pick.None none) {
            giveUp(none.reason());
        } else {
            connect();
        }
    }

    private void connect() {
        turn.start(lane.connections().of(attempts.backend(), client.channel()));
    }

    @Override
    public void send(BackendConnection to, CharSequence authority, boolean waited) {
        attempts.connected(waited);
        to.send(attempts.traced(request.headFor(authority, attempts.route().edits())), this);
        upload.follow(to);
        if (request.expectsContinue() && !upload.whole()) {
            download.goOn();
        }
        if (waited) {
            to.flush();
            owner.readOn();
        }
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
        BackendConnection to = turn.connection();
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
            ReferenceCountUtil.release(head);
            fail(FailureReasons.ofHead(head.decoderResult().cause()));
            return;
        }
        attempts.answered(head.status().code());
        attempts.explain(head.headers());
        BackendConnection from = turn.connection();
        if (from != null && head.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS)) {
            switchOver(head, from);
        } else {
            download.head(head, attempts.route().edits().answer());
            attempts.giveCookie(head.headers());
        }
    }

    /** From now on bytes go both ways, and the lease lasts until either side ends it. */
    private void switchOver(HttpResponse head, BackendConnection backend) {
        turn.forget();
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
        boolean ready = download.part(part);
        BackendConnection from = turn.connection();
        if (part instanceof LastHttpContent) {
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
        BackendConnection from = turn.connection();
        if (from != null && client.channel().isWritable()) {
            from.wantMore(true);
        }
    }

    @Override
    public void backendWritable() {
        owner.readOn();
    }

    @Override
    public boolean replayable() {
        return request.replayable();
    }

    @Override
    public void backendLost(boolean silent) {
        if (attempts.answered()) {
            turn.forget();
            fail(Reason.HTTP_RESPONSE_INCOMPLETE);
        } else if (!turn.startsOver(silent)) {
            fail(silent ? Reason.HTTP_RESPONSE_TIMEOUT : Reason.CONNECTION_TERMINATED);
        }
    }

    /** The client has left. */
    void clientGone() {
        breakOff(Reason.CLIENT_ABORTED);
    }

    /** The rest of the body can't be read; the guard before the lanes has the word. */
    void requestBroke() {
        breakOff(Reason.HTTP_REQUEST_ERROR);
    }

    private void breakOff(Reason why) {
        if (end()) {
            attempts.failed(why);
            attempts.gaveUp(why);
        }
    }

    private void overdue() {
        if (!ended) {
            attempts.overdue();
            giveUp(Reason.HTTP_RESPONSE_TIMEOUT);
        }
    }

    private void complete() {
        attempts.complete();
        download.flush();
        turn.complete(upload.whole() || request.bodyless());
        end();
        drained();
    }

    private void fail(Reason why) {
        attempts.failed(why);
        turn.close();
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
            FullHttpResponse answer = ProblemAnswer.of(Problem.of(why));
            attempts.explain(answer.headers());
            attempts.giveCookie(answer.headers());
            download.answer(answer);
            drained();
        }
    }

    /** Lets go of everything but the client. */
    private boolean end() {
        if (ended) {
            return false;
        }
        ended = true;
        deadline.cancel();
        turn.close();
        upload.drop();
        return true;
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
