package io.velo.express;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.util.concurrent.Future;
import io.velo.access.Refusal;
import io.velo.backend.Reason;
import io.velo.http.Problem;
import io.velo.websocket.Session;
import io.velo.wire.BackendConnection;
import io.velo.wire.ClientGuards;
import io.velo.wire.ProblemAnswer;
import io.velo.wire.Replay;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One request from its head to the end of its answer, on one event loop: has it sent if it may pass, and ends once, in whatever
 * way. What the client does comes from {@link LaneSwitch}; it is the {@link Errand}'s to get an answer, and the {@link Relay}'s to
 * pass it on.
 */
final class Exchange {

    private final ExpressLane lane;
    private final ChannelHandlerContext client;
    private final LaneSwitch owner;
    private final ExpressRequest request;
    private final Account account;
    private final Attempts attempts;
    private final Upload upload;
    private final Download download;
    private final Errand errand;
    private final Relay relay;
    private @Nullable Future<?> deadline; // none unless the time for all of it is limited
    private boolean ended;

    Exchange(
            ExpressLane lane, ChannelHandlerContext client, LaneSwitch owner, ExpressRequest request, Account account) {
        this.lane = lane;
        this.client = client;
        this.owner = owner;
        this.request = request;
        this.account = account;
        this.attempts = new Attempts(lane, request, account);
        this.upload = request.bodyless()
                ? Upload.ofNothing()
                : Upload.of(
                        new Replay(client.alloc(), attempts.replayLimit()),
                        lane.terms().of(account.route().id()));
        this.download = new Download(client, request);
        this.errand = new Errand(lane, client.channel(), request, attempts, this);
        this.relay = new Relay(this, attempts, errand, upload, download);
    }

    /** Takes a backend and sends what there is, if the request may pass; the flush comes with the end of the client's read. */
    void start() {
        EventLoop eventLoop = client.channel().eventLoop();
        Duration most = attempts.timeout();
        if (!most.isZero()) {
            deadline = eventLoop.schedule(this::overdue, most.toNanos(), TimeUnit.NANOSECONDS);
        }
        if (Admittance.sheds(lane, account.route(), request)) {
            giveUp(Reason.OVERLOADED);
        } else if (Admittance.concerns(lane, account.route())) {
            new Admittance(lane, eventLoop, request, account, this).ask();
        } else {
            setOut();
        }
    }

    /** It may pass, unless it says to be too large. */
    void setOut() {
        if (upload.excludes(request.length())) {
            giveUp(Reason.REQUEST_TOO_LARGE);
        } else {
            errand.start();
        }
    }

    /** It may not, and its client is told so. */
    void refuse(Refusal refusal) {
        end();
        account.gaveUp(refusal.reason());
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

    /** From now on bytes go both ways, and the lease lasts until either side ends it. */
    void switchOver(HttpResponse head, BackendConnection backend) {
        if (!ClientGuards.agreesTo(head, client.channel())) {
            errand.fail(Reason.HTTP_PROTOCOL_ERROR);
            return;
        }
        errand.forget();
        end();
        Session session = lane.sessions().with(backend);
        owner.leave();
        session.open(client.channel(), download.switched(head), attempts.terms());
    }

    /** What comes from backends. */
    Relay relay() {
        return relay;
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
            account.gaveUp(why);
        }
    }

    private void overdue() {
        if (!ended) {
            attempts.overdue();
            giveUp(Reason.HTTP_RESPONSE_TIMEOUT);
        }
    }

    /** The answer is whole. */
    void complete() {
        attempts.complete();
        download.flush();
        errand.complete(upload.isRead());
        end();
        drained();
    }

    /** Nobody answers it any more but Velo. */
    void giveUp(Reason why) {
        if (!end()) {
            return;
        }
        account.gaveUp(why);
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
        account.explain(answer.headers());
        account.giveCookie(answer.headers());
        download.answer(answer);
        drained();
    }

    /** Lets go of everything but the client. */
    private boolean end() {
        if (ended) {
            return false;
        }
        ended = true;
        if (deadline != null) {
            deadline.cancel(false);
        }
        errand.end();
        upload.drop();
        relay.drop();
        return true;
    }

    /** Whether nobody waits for anything any more. */
    boolean ended() {
        return ended;
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
