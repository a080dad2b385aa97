package io.velo.wire;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.ReferenceCountUtil;
import io.velo.backend.Reason;
import io.velo.http.Problem;
import io.velo.http.RequestRules;
import io.velo.http.RequestTarget;
import java.nio.channels.ClosedChannelException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Stands between the HTTP codec and everything else of a connection: refuses requests that can't be read or could be read in
 * two ways, in turn after the answers that are still due, and makes odd but legal targets readable for Spring. Both lanes lie
 * behind it. When a body breaks, the connection ends, so that the backend's does, too, and never takes a part for the whole.
 */
public final class RequestGuard extends ChannelDuplexHandler {

    /** Read by the lanes in place of the rest of a body that broke. The guard answers, and the lane lets go. */
    public static final Object BROKEN = new Object();

    private final HeadDeadline deadline;
    private final Consumer<Reason> refusals;
    private int answersDue;
    private boolean answerBegun;
    private @Nullable Problem refusal;
    private int dueBeforeRefusal;
    private boolean refused;

    /**
     * @param refusals told of each refused request
     */
    RequestGuard(HeadDeadline deadline, Consumer<Reason> refusals) {
        this.deadline = deadline;
        this.refusals = refusals;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (refusal != null) {
            ReferenceCountUtil.release(message);
            return;
        }
        if (message instanceof HttpRequest request) {
            headArrived(ctx, request);
        } else if (message instanceof HttpContent part && part.decoderResult().isFailure()) {
            ReferenceCountUtil.release(message);
            ctx.fireChannelRead(BROKEN);
            bodyBroke(ctx);
        } else {
            ctx.fireChannelRead(message);
        }
        if (message instanceof LastHttpContent) {
            deadline.requestEnded();
        }
    }

    private void headArrived(ChannelHandlerContext ctx, HttpRequest request) {
        deadline.headArrived();
        if (request.decoderResult().isFailure()) {
            int status = statusFor(request.decoderResult().cause());
            ReferenceCountUtil.release(request);
            refuse(ctx, status);
        } else if (!isAcceptable(request)) {
            ReferenceCountUtil.release(request);
            refuse(ctx, 400);
        } else {
            answersDue++;
            ctx.fireChannelRead(readable(request));
        }
    }

    @SuppressWarnings("ReferenceEquality") // of the two versions there is one object each; "http/1.1" makes another
    private static boolean isAcceptable(HttpRequest request) {
        HttpVersion version = request.protocolVersion();
        return (version == HttpVersion.HTTP_1_1 || version == HttpVersion.HTTP_1_0)
                && RequestRules.acceptable(
                        request.method().name(),
                        request.uri(),
                        version == HttpVersion.HTTP_1_0,
                        request.headers().getAll(HttpHeaderNames.HOST),
                        request.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING));
    }

    /** The request is under way already and is counted there, as one whose client left. */
    private void bodyBroke(ChannelHandlerContext ctx) {
        refusal = new Problem(400, Reason.HTTP_REQUEST_ERROR);
        dueBeforeRefusal = 1;
        answerIfDue(ctx);
        ctx.read();
    }

    private static int statusFor(Throwable cause) {
        if (cause instanceof TooLongHttpLineException) {
            return 414;
        }
        return cause instanceof TooLongHttpHeaderException ? 431 : 400;
    }

    private static HttpRequest readable(HttpRequest request) {
        String target = request.uri();
        String readable = target.startsWith("/") ? RequestTarget.readable(target) : target;
        if (readable.equals(target)) {
            return request;
        }
        return new DefaultHttpRequest(
                request.protocolVersion(), request.method(), readable, new RawTargetHeaders(target, request.headers()));
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == HeadDeadline.EXPIRED) {
            refuse(ctx, 408);
        } else {
            ctx.fireUserEventTriggered(event);
        }
    }

    private void refuse(ChannelHandlerContext ctx, int status) {
        refusal = new Problem(status, Reason.HTTP_REQUEST_ERROR);
        refusals.accept(Reason.HTTP_REQUEST_ERROR);
        answerIfDue(ctx);
        ctx.read(); // what follows is thrown away, but the end of it must be seen
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        ctx.fireChannelReadComplete();
        if (refusal != null) {
            ctx.read();
        }
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (refused) {
            ReferenceCountUtil.release(message); // too late: the client was told that its request is bad
            promise.tryFailure(new ClosedChannelException());
            return;
        }
        boolean informational = isInformational(message);
        answerBegun |= message instanceof HttpResponse && !informational;
        boolean ends = message instanceof LastHttpContent && !informational;
        ctx.write(message, promise);
        if (ends) {
            answersDue--;
            answerBegun = false;
            answerIfDue(ctx);
        }
    }

    private void answerIfDue(ChannelHandlerContext ctx) {
        Problem due = refusal;
        if (due == null || answersDue > dueBeforeRefusal) {
            return;
        }
        if (answerBegun) {
            ctx.close(); // the backend answered early, and the body that it didn't wait for has broken
        } else {
            refused = true;
            answer(ctx, due);
        }
    }

    private static boolean isInformational(Object message) {
        return message instanceof HttpResponse head && head.status().codeClass() == HttpStatusClass.INFORMATIONAL;
    }

    private static void answer(ChannelHandlerContext ctx, Problem problem) {
        FullHttpResponse response = ProblemAnswer.of(problem);
        response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        ctx.write(response, ctx.voidPromise());
        Linger.close(ctx, false);
    }
}
