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
import io.velo.backend.Reason;
import io.velo.http.Problem;
import io.velo.pool.Lease;
import io.velo.pool.Line;
import io.velo.pool.Pick;
import io.velo.pool.Retries;
import io.velo.pool.Retry;
import io.velo.wire.AnswerListener;
import io.velo.wire.BackendConnection;
import io.velo.wire.ClientGuards;
import io.velo.wire.FailureReasons;
import io.velo.wire.ProblemAnswer;
import io.velo.wire.Replay;
import io.velo.wire.Rival;
import io.velo.wire.Turn;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One request from its head to the end of its answer, on one event loop: takes a connection, sends, passes the answer on, and
 * ends once, in whatever way. What the client does comes from {@link LaneSwitch}, what the backend does from
 * {@link BackendConnection}.
 */
final class Exchange implements Rival.Race {

    private final ExpressLane lane;
    private final ChannelHandlerContext client;
    private final LaneSwitch owner;
    private final ExpressRequest request;
    private final Attempts attempts;
    private final Upload upload;
    private final Download download;
    private Turn turn = new Turn(this);
    private @Nullable Rival rival;
    private @Nullable Deadline hedge; // none unless a second backend may be asked
    private final Deadline deadline = new Deadline();
    private final Deadline attempt = new Deadline();
    private final Duration attemptTimeout;
    private Line.@Nullable Place place;
    private @Nullable SpareAnswer spare;
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
        this.upload =
                request.bodyless() ? Upload.ofNothing() : Upload.of(new Replay(client.alloc(), attempts.replayLimit()));
        this.attemptTimeout = attempts.settings().attemptTimeout();
        this.download = new Download(client, request);
    }

    /** Takes a backend and sends what there is; the flush comes with the end of the client's read. */
    void start() {
        deadline.start(eventLoop(), attempts.settings().requestTimeout(), this::overdue);
        if (!(attempts.next() instanceof Pick.None none)) {
            connect();
        } else if (none.reason() == Reason.CONNECTION_LIMIT_REACHED) {
            queue();
        } else {
            giveUp(none.reason());
        }
    }

    private void queue() {
        Optional<Line.Place> joined = attempts.queue(lease -> eventLoop().execute(() -> served(lease)));
        if (joined.isEmpty()) {
            giveUp(Reason.CONNECTION_LIMIT_REACHED);
        } else {
            place = joined.get();
            attempt.startNanos(eventLoop(), attempts.settings().queueTimeout().toNanos(), this::waitedTooLong);
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
            giveUp(Reason.CONNECTION_LIMIT_REACHED);
        }
    }

    private EventLoop eventLoop() {
        return client.channel().eventLoop();
    }

    private void connect() {
        attempt.start(eventLoop(), attemptTimeout, this::attemptOverdue);
        long delay = attempts.hedgeNanos();
        if (delay > 0) {
            Deadline due = new Deadline();
            due.startNanos(eventLoop(), delay, this::race);
            hedge = due;
        }
        turn.start(lane.connections().of(attempts.backend(), client.channel()));
    }

    private void race() {
        if (!ended && rival == null && !attempts.answered()) {
            attempts.beside().ifPresent(backend -> {
                Rival second = new Rival(this);
                rival = second;
                second.start(lane.connections().of(backend, client.channel()));
            });
        }
    }

    @Override
    public void sendRival(BackendConnection to, CharSequence authority, AnswerListener by) {
        to.send(attempts.tracedBeside(request.headFor(authority, attempts.route().edits())), by);
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
        attempt.cancel();
        dropRival();
        attempts.answered(head.status().code());
        Retry retry = attempts.again(head, upload.replayable());
        if (retry.granted()) {
            holdBack(head, retry);
        } else {
            passOn(head);
        }
    }

    private void passOn(HttpResponse head) {
        upload.forget();
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

    /** Another backend may have a better answer; what of this one has been read already comes in before that is asked. */
    private void holdBack(HttpResponse head, Retry retry) {
        spare = new SpareAnswer(head);
        BackendConnection from = turn.connection();
        if (from != null) {
            from.wantMore(false);
        }
        attempt.startNanos(eventLoop(), retry.delayNanos(), this::askAnother);
    }

    private void askAnother() {
        SpareAnswer held = spare;
        spare = null;
        if (held == null) {
            return;
        }
        if (attempts.another()) {
            held.release();
            turn.complete(held.whole() && requestSent());
            upload.rewind();
            startOver();
        } else if (held.broken()) {
            held.release();
            fail(Reason.HTTP_RESPONSE_INCOMPLETE);
        } else {
            passOn(held.head());
            held.drainTo(this::answerGoesOn);
            download.flush();
            clientWritable();
        }
    }

    private void startOver() {
        connect();
        requestBatchEnded();
        owner.readOn();
    }

    private void answerGoesOn(HttpContent part) {
        SpareAnswer held = spare;
        if (held != null) {
            held.add(part);
            return;
        }
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
        if (!Retries.repeatable(request) || !upload.replayable()) {
            return false;
        }
        upload.rewind();
        return true;
    }

    @Override
    public void backendLost(boolean silent) {
        SpareAnswer held = spare;
        if (held != null) {
            turn.forget();
            held.breakOff();
        } else if (attempts.answered()) {
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
        turn.complete(requestSent());
        end();
        drained();
    }

    private boolean requestSent() {
        return upload.whole() || request.bodyless();
    }

    /** One attempt has taken too long. Whoever could not even be reached by now has not had the request. */
    private void attemptOverdue() {
        if (!ended && !attempts.answered()) {
            fail(turn.connection() == null ? Reason.CONNECTION_TIMEOUT : Reason.HTTP_RESPONSE_TIMEOUT);
        }
    }

    private void fail(Reason why) {
        attempts.failed(why);
        turn.close();
        if (rivalGoesOn()) {
            return;
        }
        attempt.cancel();
        Retry retry = attempts.again(why, upload.replayable());
        upload.rewind();
        if (!retry.granted()) {
            giveUp(why);
        } else if (retry.delayNanos() == 0) {
            tryAnother(why);
        } else {
            attempt.startNanos(eventLoop(), retry.delayNanos(), () -> tryAnother(why));
        }
    }

    private void tryAnother(Reason why) {
        if (attempts.another()) {
            startOver();
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
        attempt.cancel();
        dropRival();
        turn.close();
        upload.drop();
        dropSpare();
        leaveLine();
        return true;
    }

    private void leaveLine() {
        Line.Place mine = place;
        if (mine != null) {
            mine.leave();
        }
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
