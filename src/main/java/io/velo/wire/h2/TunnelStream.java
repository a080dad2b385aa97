package io.velo.wire.h2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/**
 * A stream by which a client has asked for a WebSocket (RFC 8441): 200 tells it that the backend has switched, and from then on
 * the bytes of both sides travel in DATA frames. Stands before {@link RequestStream}, which makes the request one of HTTP/1.1.
 */
final class TunnelStream extends ChannelDuplexHandler {

    private static final String NAME = "velo.tunnel";

    /** What a client may say before it knows that it is listened to, in bytes. A WebSocket's says nothing. */
    private static final int MOST_EARLY = 64 * 1024;

    private static final int PATIENCE_SECONDS = 1;

    private final Tunnel tunnel;
    private final Queue<ByteBuf> early = new ArrayDeque<>(0);
    private int earlyBytes;
    private boolean switched;
    private boolean sentAway;
    private boolean clientEnded;
    private boolean ended; // our side

    private TunnelStream(Tunnel tunnel) {
        this.tunnel = tunnel;
    }

    /** Gets ready for a stream whose head has come; its request gets the key that a backend of HTTP/1.1 asks for. */
    static void open(ChannelHandlerContext requests, HttpRequest request) {
        Tunnel begun = Tunnel.begin(requests.channel(), request);
        requests.pipeline().addBefore(requests.name(), NAME, new TunnelStream(begun));
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof Http2DataFrame data) {
            dataArrived(ctx, data.content());
            if (data.isEndStream()) {
                clientEnds(ctx);
            }
            return;
        }
        ReferenceCountUtil.release(message);
        if (message instanceof Http2HeadersFrame) { // trailers, which tunnels don't have (RFC 9113 section 8.5)
            reset(ctx, Http2Error.PROTOCOL_ERROR, ctx.newPromise());
        }
    }

    private void dataArrived(ChannelHandlerContext ctx, ByteBuf bytes) {
        if (switched) {
            passEarly(ctx);
            ctx.fireChannelRead(bytes);
            return;
        }
        early.add(bytes);
        earlyBytes += bytes.readableBytes();
        if (earlyBytes > MOST_EARLY) {
            ctx.channel().close();
        }
    }

    /** Browsers do so with their Close frame, and wait for the answer to it. */
    private void clientEnds(ChannelHandlerContext ctx) {
        clientEnded = true;
        if (switched) {
            ctx.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        } else {
            ctx.channel().close();
        }
    }

    /** Whoever listens after the switch first gets what is there. */
    private void passEarly(ChannelHandlerContext ctx) {
        if (early.isEmpty()) {
            return;
        }
        for (ByteBuf bytes = early.poll(); bytes != null; bytes = early.poll()) {
            ctx.fireChannelRead(bytes);
        }
        ctx.fireChannelReadComplete();
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (message instanceof ByteBuf bytes) {
            ctx.write(new DefaultHttp2DataFrame(bytes), promise);
        } else if (switched || sentAway) { // the end of a head that has none
            ReferenceCountUtil.release(message);
            promise.trySuccess();
        } else if (message instanceof Http2HeadersFrame head && isSwitch(head)) {
            switched = true;
            head.headers().status(HttpResponseStatus.OK.codeAsText());
            head.headers().remove(HttpHeaderNames.SEC_WEBSOCKET_ACCEPT);
            ctx.write(head, promise);
            ctx.executor().execute(() -> passEarly(ctx)); // when the handlers of the request have left
        } else if (tunnel.isForHttp11()) {
            sentAway = true;
            ReferenceCountUtil.release(message);
            reset(ctx, Http2Error.HTTP_1_1_REQUIRED, promise);
        } else {
            writeAnswer(ctx, message, promise);
        }
    }

    private static boolean isSwitch(Http2HeadersFrame head) {
        CharSequence status = head.headers().status(); // none in trailers
        return status != null
                && HttpResponseStatus.SWITCHING_PROTOCOLS.codeAsText().contentEquals(status);
    }

    /** There won't be a tunnel: the stream is over with the answer. */
    private void writeAnswer(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        boolean last = (message instanceof Http2HeadersFrame head && head.isEndStream())
                || (message instanceof Http2DataFrame data && data.isEndStream());
        if (last) {
            ended = true;
            ctx.write(message, promise.unvoid().addListener(out -> closeNow(ctx, ctx.newPromise())));
        } else {
            ctx.write(message, promise);
        }
    }

    private static void reset(ChannelHandlerContext ctx, Http2Error why, ChannelPromise promise) {
        ctx.writeAndFlush(new DefaultHttp2ResetFrame(why), promise.unvoid().addListener(out -> ctx.close()));
    }

    /** The client of a tunnel is told its end behind all the rest, and isn't waited for. */
    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        if (!switched || ended || tunnel.isBroken() || !ctx.channel().isActive()) {
            closeNow(ctx, promise);
            return;
        }
        ended = true;
        ctx.writeAndFlush(new DefaultHttp2DataFrame(Unpooled.EMPTY_BUFFER, true))
                .addListener((ChannelFutureListener) out -> closeNow(ctx, promise));
        ctx.executor().schedule(() -> cut(ctx), PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** What still waits for the client's window goes with the stream. */
    private static void cut(ChannelHandlerContext ctx) {
        if (ctx.channel().isActive()) {
            reset(ctx, Http2Error.CANCEL, ctx.newPromise());
        }
    }

    /** A tunnel that breaks off has told no end, and Netty resets it for that. */
    private void closeNow(ChannelHandlerContext ctx, ChannelPromise promise) {
        if (ended && !clientEnded && ctx.channel().isActive()) {
            ctx.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.NO_ERROR));
        }
        ctx.close(promise);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        handlerRemoved(ctx);
        ctx.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        early.forEach(ReferenceCountUtil::release);
        early.clear();
    }
}
