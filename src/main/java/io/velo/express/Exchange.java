package io.velo.express;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.velo.access.Refusal;
import io.velo.access.Verdict;
import io.velo.backend.Reason;
import io.velo.http.Problem;
import io.velo.limit.Admission;
import io.velo.pool.Retry;
import io.velo.websocket.Session;
import io.velo.websocket.Sessions;
import io.velo.wire.BackendConnection;
import io.velo.wire.FailureReasons;
import io.velo.wire.ProblemAnswer;
import io.velo.wire.Replay;
import org.jspecify.annotations.Nullable;

/**
 * One request from its head to the end of its answer, on one event loop: has it sent, passes the answer on, and ends once, in
 * whatever way. What the client does comes from {@link LaneSwitch}, what the backend does from {@link Errand}.
 */
final class Exchange {

    private final ChannelHandlerContext client;
    private final LaneSwitch owner;
    private final ExpressRequest request;
    private final Attempts attempts;
    private final Upload upload;
    private final Download download;
    private final Errand errand;
    private final Sessions sessions;
    private final Deadline deadline = new Deadline();
    private @Nullable SpareAnswer spare;
    private boolean ended;

    Exchange(
            ExpressLane lane,
            ChannelHandlerContext client,
            LaneSwitch owner,
            ExpressRequest request,
            Attempts attempts) {
        this.client = client;
        this.owner = owner;
        this.request = request;
        this.attempts = attempts;
        this.upload = request.bodyless()
                ? Upload.ofNothing()
                : Upload.of(new Replay(client.alloc(), attempts.replayLimit()), attempts.routeTerms());
        this.download = new Download(client, request);
        this.sessions = lane.sessions();
        this.errand = new Errand(lane, client.channel(), request, attempts, this);
    }

    /** Takes a backend and sends what there is, if the request may pass; the flush comes with the end of the client's read. */
    void start() {
        deadline.start(client.channel().eventLoop(), attempts.timeout(), this::overdue);
        if (attempts.shed()) {
            giveUp(Reason.OVERLOADED);
        } else if (attempts.guarded()) {
            ask(attempts.judge());
        } else {
            askLimits();
        }
    }

    private void ask(Verdict verdict) {
        if (verdict instanceof Verdict.Pending pending) {
            pending.decision().thenAccept(known -> client.channel().eventLoop().execute(() -> decidedLate(known)));
        } else {
            decided((Verdict.Decision) verdict);
        }
    }

    private void decidedLate(Verdict.Decision decision) {
        if (!ended) {
            decided(decision);
            goOn();
        }
    }

    private void decided(Verdict.Decision decision) {
        if (decision instanceof Verdict.Allow allowed) {
            request.admit(allowed);
            askLimits();
        } else {
            refuse(((Verdict.Refuse) decision).refusal());
        }
    }

    private void askLimits() {
        if (attempts.limited()) {
            attempts.askLimits(this::limited);
        } else {
            setOut();
        }
    }

    /** The limits of the route have decided; where several instances count together, that takes a moment. */
    private void limited(Admission admission) {
        EventLoop eventLoop = client.channel().eventLoop();
        if (eventLoop.inEventLoop()) {
            enter(admission);
        } else {
            eventLoop.execute(() -> {
                enter(admission);
                goOn();
            });
        }
    }

    private void enter(Admission admission) {
        if (ended) {
            admission.end();
            return;
        }
        attempts.hold(admission);
        if (admission.granted()) {
            setOut();
        } else {
            giveUp(Reason.HTTP_REQUEST_DENIED);
        }
    }

    /** It may pass, unless it says to be too large. */
    private void setOut() {
        if (upload.excludes(request.length())) {
            giveUp(Reason.REQUEST_TOO_LARGE);
        } else {
            errand.start();
        }
    }

    private void refuse(Refusal refusal) {
        end();
        attempts.gaveUp(refusal.reason());
        answer(ProblemAnswer.to(contentType(), refusal));
    }

    /** The head has been written to this connection: the body follows. */
    void follow(BackendConnection to, boolean waited) {
        upload.follow(to);
        if (request.expectsContinue() && !upload.whole()) {
            download.goOn();
        }
        if (waited) {
            to.flush();
            owner.readOn();
        }
    }

    /** Another backend has the request now. */
    void goOn() {
        requestBatchEnded();
        owner.readOn();
    }

    /** A part of the body, or its end, from the client. */
    void part(HttpContent part) {
        upload.part(part);
        if (ended) {
            drained();
        } else if (upload.tooLarge()) {
            attempts.failed(Reason.REQUEST_TOO_LARGE);
            giveUp(Reason.REQUEST_TOO_LARGE);
        }
    }

    /** What one read of the client's connection brought has been told. */
    void requestBatchEnded() {
        BackendConnection to = errand.connection();
        if (to != null) {
            to.flush();
        }
    }

    boolean wantsMore() {
        return upload.wantsMore();
    }

    /** A part of the answer has come in. */
    void answered(HttpObject part) {
        if (part instanceof HttpResponse head) {
            answerBegins(head);
        } else {
            answerGoesOn((HttpContent) part);
        }
    }

    private void answerBegins(HttpResponse head) {
        if (head.decoderResult().isFailure()) {
            ReferenceCountUtil.release(head);
            errand.fail(FailureReasons.ofHead(head.decoderResult().cause()));
            return;
        }
        errand.headArrived();
        attempts.answered(head);
        Retry retry = attempts.again(head, upload.replayable());
        if (retry.granted()) {
            holdBack(head, retry);
        } else {
            passOn(head);
        }
    }

    private void passOn(HttpResponse head) {
        upload.forget();
        attempts.bind(head.headers());
        attempts.explain(head.headers());
        attempts.tellLimits(head.headers());
        BackendConnection from = errand.connection();
        if (from != null && head.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS)) {
            switchOver(head, from);
        } else {
            download.head(head, attempts.route().edits().answer());
            attempts.giveCookie(head.headers());
        }
    }

    /** From now on bytes go both ways, and the lease lasts until either side ends it. */
    private void switchOver(HttpResponse head, BackendConnection backend) {
        errand.forget();
        end();
        Session session = sessions.with(backend);
        owner.leave();
        session.open(client.channel(), download.switched(head), attempts.terms());
    }

    /** Another backend may have a better answer; what of this one has been read already comes in before that is asked. */
    private void holdBack(HttpResponse head, Retry retry) {
        spare = new SpareAnswer(head);
        BackendConnection from = errand.connection();
        if (from != null) {
            from.wantMore(false);
        }
        errand.later(retry.delayNanos(), this::askAnother);
    }

    private void askAnother() {
        SpareAnswer held = spare;
        spare = null;
        if (held == null) {
            return;
        }
        if (attempts.another()) {
            held.release();
            errand.complete(held.whole() && requestSent());
            upload.rewind();
            errand.startOver();
        } else if (held.broken()) {
            held.release();
            errand.fail(Reason.HTTP_RESPONSE_INCOMPLETE);
        } else {
            passOn(held.head());
            held.drainTo(this::answerGoesOn);
            download.flush();
            clientWritable();
        }
    }

    private void answerGoesOn(HttpContent part) {
        SpareAnswer held = spare;
        if (held != null) {
            held.add(part);
            return;
        }
        if (part.decoderResult().isFailure()) {
            ReferenceCountUtil.release(part);
            errand.fail(Reason.HTTP_RESPONSE_INCOMPLETE);
            return;
        }
        boolean ready = download.part(part);
        BackendConnection from = errand.connection();
        if (part instanceof LastHttpContent last) {
            attempts.turnsOut(last.trailingHeaders());
            complete();
        } else if (!ready && from != null) {
            from.wantMore(false);
        }
    }

    /** What one read of the backend's connection brought has been told. */
    void answerBatchEnded() {
        download.flush();
    }

    void clientWritable() {
        BackendConnection from = errand.connection();
        if (from != null && spare == null && client.channel().isWritable()) {
            from.wantMore(true);
        }
    }

    /** The connection to the backend takes more again. */
    void backendWritable() {
        owner.readOn();
    }

    /** Whether all that was sent can be sent again. */
    boolean replayable() {
        return upload.replayable();
    }

    /** The backend is out of it: another one, if there is one, gets all from the beginning. */
    void rewind() {
        upload.rewind();
    }

    /** The connection is gone, and the answer has begun. */
    void answerBroke() {
        SpareAnswer held = spare;
        if (held != null) {
            held.breakOff();
        } else {
            errand.fail(Reason.HTTP_RESPONSE_INCOMPLETE);
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
        errand.complete(requestSent());
        end();
        drained();
    }

    private boolean requestSent() {
        return upload.whole() || request.bodyless();
    }

    /** Nobody answers it any more but Velo. */
    void giveUp(Reason why) {
        if (!end()) {
            return;
        }
        attempts.gaveUp(why);
        if (download.begun()) {
            download.cut();
        } else {
            answer(ProblemAnswer.to(contentType(), Problem.of(why)));
        }
    }

    private String contentType() {
        return request.header("Content-Type").orElse("");
    }

    private void answer(FullHttpResponse answer) {
        attempts.explain(answer.headers());
        attempts.tellLimits(answer.headers());
        attempts.giveCookie(answer.headers());
        download.answer(answer);
        drained();
    }

    /** Lets go of everything but the client. */
    private boolean end() {
        if (ended) {
            return false;
        }
        ended = true;
        deadline.cancel();
        errand.end();
        upload.drop();
        dropSpare();
        return true;
    }

    private void dropSpare() {
        SpareAnswer held = spare;
        if (held != null) {
            spare = null;
            held.release();
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
