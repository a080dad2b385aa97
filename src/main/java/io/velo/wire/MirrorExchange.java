package io.velo.wire;

import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.velo.backend.Reason;
import io.velo.pool.Lease;
import io.velo.wire.MirrorListener.Result;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Sends one copy of a request and throws the answer away. For one event loop. */
final class MirrorExchange implements Turn.Holder {

    private static final Set<HttpMethod> SAFE = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

    private final Mirror mirror;
    private final FullHttpRequest request;
    private final boolean ownHost;
    private final Lease lease;
    private final Turn turn = Turn.unmirrored(this);
    private @Nullable Future<?> deadline;
    private boolean over;

    /**
     * @param request the copy, released with the end
     * @param ownHost whether {@code Host} is the client's and stays
     * @param lease on the backend that gets it
     */
    MirrorExchange(Mirror mirror, FullHttpRequest request, boolean ownHost, Lease lease) {
        this.mirror = mirror;
        this.request = request;
        this.ownHost = ownHost;
        this.lease = lease;
    }

    /**
     * @param most the time that all of it may take
     */
    void start(ConnectionPool connections, EventLoop eventLoop, Duration most) {
        deadline = eventLoop.schedule(this::overdue, most.toNanos(), TimeUnit.NANOSECONDS);
        turn.start(connections);
    }

    @Override
    public void send(BackendConnection to, CharSequence authority, boolean waited) {
        lease.connected(waited);
        if (!ownHost) {
            request.headers().set(HttpHeaderNames.HOST, authority);
        }
        to.send(sendable(), this);
        to.requestSent();
        to.flush();
    }

    /** One without a body is written as such, or the encoder would wait for more. */
    private FullHttpRequest sendable() {
        return request.content().isReadable()
                ? request.retainedDuplicate()
                : new DefaultFullHttpRequest(
                        HttpVersion.HTTP_1_1,
                        request.method(),
                        request.uri(),
                        Unpooled.EMPTY_BUFFER,
                        request.headers(),
                        EmptyHttpHeaders.INSTANCE);
    }

    @Override
    public void answered(HttpObject part) {
        boolean broken = part.decoderResult().isFailure();
        boolean last = part instanceof LastHttpContent;
        if (part instanceof HttpResponse head && !broken) {
            lease.headArrived(head.status().code());
        }
        ReferenceCountUtil.release(part);
        if (broken) {
            fail(lease.answered() ? Reason.HTTP_RESPONSE_INCOMPLETE : Reason.HTTP_PROTOCOL_ERROR);
        } else if (last) {
            lease.complete();
            turn.complete(true);
            end(Result.ANSWERED);
        }
    }

    @Override
    public void interim(HttpResponse head) {}

    @Override
    public void answerBatchEnded() {}

    @Override
    public void backendWritable() {}

    @Override
    public boolean replayable() {
        return SAFE.contains(request.method());
    }

    @Override
    public boolean resendable() {
        return true;
    }

    @Override
    public void refused(Reason why) {
        fail(why);
    }

    @Override
    public void backendLost(Reason why) {
        if (lease.answered()) {
            fail(Reason.HTTP_RESPONSE_INCOMPLETE);
        } else if (!turn.startsOver(why)) {
            fail(why);
        }
    }

    private void overdue() {
        if (lease.answered()) {
            lease.abort(Reason.HTTP_RESPONSE_TIMEOUT);
        }
        fail(Reason.HTTP_RESPONSE_TIMEOUT);
    }

    private void fail(Reason why) {
        if (why.blamesBackend()) {
            lease.fail(why);
        } else {
            lease.abort(why);
        }
        end(Result.FAILED);
    }

    private void end(Result result) {
        if (over) {
            return;
        }
        over = true;
        if (deadline != null) {
            deadline.cancel(false);
        }
        turn.close();
        request.release();
        mirror.ended(result);
    }
}
