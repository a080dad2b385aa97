package io.velo.wire;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.velo.backend.Reason;
import io.velo.grpc.GrpcCall;
import io.velo.wire.h2.Tunnel;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Stands between the HTTP codec and everything else of a connection: refuses requests that can't be read or could be read in
 * two ways, in turn after the answers that are still due, and gives the others and their answers the form that both lanes
 * agree on. When a body breaks, the connection ends, so that the backend's does, too, and never takes a part for the whole.
 */
final class RequestGuard extends ChannelDuplexHandler {

    private final ClientDeadline deadline;
    private final ClientRules rules;
    private final Consumer<Reason> refusals;
    private final Queue<DueAnswer> due = new ArrayDeque<>();
    private String scheme = "http";
    private boolean answerBegun;
    private boolean closeBehindAnswer;
    private boolean lastRequest; // the client has said that no other follows, so none is looked at
    private boolean deaf;
    private @Nullable LastAnswer last;
    private int dueBeforeLast;
    private boolean ended; // the last answer is out: what a lane still writes comes too late

    /**
     * @param rules what clients may do
     * @param refusals told of each refused request
     */
    RequestGuard(ClientDeadline deadline, ClientRules rules, Consumer<Reason> refusals) {
        this.deadline = deadline;
        this.rules = rules;
        this.refusals = refusals;
    }

    /** Whether it still looks at requests, or throws away what comes. */
    boolean listening() {
        return !deaf;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        scheme = Http2.connection(ctx.channel()).pipeline().get(SslHandler.class) == null ? "http" : "https";
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (deaf) {
            ReferenceCountUtil.release(message);
            return;
        }
        if (message instanceof HttpRequest request) {
            headArrived(ctx, request);
        } else if (message instanceof HttpContent part && part.decoderResult().isFailure()) {
            ReferenceCountUtil.release(message);
            ctx.fireChannelRead(ClientGuards.BROKEN);
            bodyBroke(ctx, 400);
        } else {
            if (message instanceof HttpContent part) {
                deadline.bodyArrived(part.content().readableBytes());
            }
            ctx.fireChannelRead(message);
        }
        if (message instanceof LastHttpContent) {
            deadline.requestEnded();
            deaf |= lastRequest;
        }
    }

    private void headArrived(ChannelHandlerContext ctx, HttpRequest request) {
        deadline.headArrived(pace(ctx, request));
        int status = request.decoderResult().isFailure()
                ? statusFor(request.decoderResult().cause())
                : RequestHeads.judge(request, scheme, rules);
        if (status != RequestHeads.ACCEPTED) {
            ReferenceCountUtil.release(request);
            endWith(ctx, status);
            return;
        }
        HttpRequest normalized = RequestHeads.normalized(request, scheme, rules);
        DueAnswer answer = DueAnswer.to(normalized);
        lastRequest = answer.closes();
        due.add(answer);
        ctx.fireChannelRead(normalized);
    }

    private BodyPace pace(ChannelHandlerContext ctx, HttpRequest request) {
        if (ctx.channel() instanceof Http2StreamChannel && isCall(request)) {
            return BodyPace.ANY;
        }
        boolean brisk = rules.times().minRate() > 0 && request.headers().contains(HttpHeaderNames.CONTENT_LENGTH);
        return brisk ? BodyPace.BRISK : BodyPace.STEADY;
    }

    private static boolean isCall(HttpRequest request) {
        return GrpcCall.is(request.headers().get(HttpHeaderNames.CONTENT_TYPE, ""));
    }

    private static int statusFor(Throwable cause) {
        if (cause instanceof TooLongHttpLineException) {
            return 414;
        }
        return cause instanceof TooLongHttpHeaderException ? 431 : 400;
    }

    /** The request is under way already; the lane counts it when it sees the connection end. */
    private void bodyBroke(ChannelHandlerContext ctx, int status) {
        ctx.channel().attr(ClientGuards.BODY_BROKE).set(true);
        dueBeforeLast = 1;
        answerAndListenNoMore(ctx, status);
    }

    private void endWith(ChannelHandlerContext ctx, int status) {
        if (status >= 400) {
            refusals.accept(Reason.HTTP_REQUEST_ERROR);
        }
        answerAndListenNoMore(ctx, status);
    }

    private void answerAndListenNoMore(ChannelHandlerContext ctx, int status) {
        deaf = true;
        last = new LastAnswer(status);
        answerIfDue(ctx);
        ctx.read(); // what follows is thrown away, but the end of it must be seen
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == ClientDeadline.HEAD_EXPIRED) {
            endWith(ctx, 408);
        } else if (event == ClientDeadline.BODY_EXPIRED) {
            ctx.fireChannelRead(ClientGuards.BROKEN);
            bodyBroke(ctx, 408);
        } else {
            ctx.fireUserEventTriggered(event);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        ctx.fireChannelReadComplete();
        if (deaf) {
            ctx.read();
        }
    }

    /** Passes an interim answer on to the client if it can take one and the answer itself hasn't begun. */
    void interim(ChannelHandlerContext ctx, HttpResponse head) {
        DueAnswer next = due.peek();
        if (next != null && !next.old() && !answerBegun && !ended) {
            ctx.writeAndFlush(head);
        } else {
            ReferenceCountUtil.release(head);
        }
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (ended) {
            ReferenceCountUtil.release(message);
            promise.tryFailure(new ClosedChannelException());
        } else if (message instanceof HttpResponse head && isInformational(head)) {
            writeInformational(ctx, head, promise);
        } else {
            writeAnswer(ctx, message, promise);
        }
    }

    private void writeAnswer(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (message instanceof HttpResponse head) {
            answerBegun = true;
            head.setStatus(Tunnel.told(head.status(), ctx.channel()));
            DueAnswer answer = due.peek();
            closeBehindAnswer = answer != null && answer.shape(head);
            if (rules.securityHeaders()) {
                SecurityHeaders.add(head.headers());
            }
        }
        if (message instanceof LastHttpContent) {
            ctx.write(message, closeBehindAnswer ? closing(ctx, promise) : promise);
            due.poll();
            answerBegun = false;
            if (due.isEmpty()) {
                deadline.nothingDue();
            }
            answerIfDue(ctx);
        } else {
            ctx.write(message, promise);
        }
    }

    private static ChannelPromise closing(ChannelHandlerContext ctx, ChannelPromise promise) {
        return promise.unvoid().addListener(written -> ctx.close());
    }

    private void writeInformational(ChannelHandlerContext ctx, HttpResponse head, ChannelPromise promise) {
        if (head.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS)) {
            deadline.retire(); // no heads any more
        }
        ctx.write(head, promise);
    }

    private static boolean isInformational(HttpResponse head) {
        return head.status().codeClass() == HttpStatusClass.INFORMATIONAL;
    }

    private void answerIfDue(ChannelHandlerContext ctx) {
        LastAnswer answer = last;
        if (answer == null || due.size() > dueBeforeLast) {
            return;
        }
        if (answerBegun) {
            ctx.close(); // the backend answered early, and the body that it didn't wait for has broken
        } else {
            ended = true;
            answer.write(ctx);
        }
    }
}
