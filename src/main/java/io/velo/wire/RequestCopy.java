package io.velo.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.velo.wire.MirrorListener.Result;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Stands on a connection to a backend for one request and takes it down as it is sent, without holding anything up. When the
 * request is whole, its copy is sent on, on a later turn of the event loop; if it breaks off or gets too long, that was it.
 */
final class RequestCopy extends ChannelOutboundHandlerAdapter {

    private final Mirror mirror;
    private final Consumer<FullHttpRequest> whole;
    private @Nullable HttpRequest head;
    private ByteBuf body = Unpooled.EMPTY_BUFFER;
    private boolean over;

    /**
     * @param mirror in which it has a place
     * @param whole given the copy, to be released, and then in charge of the place
     */
    RequestCopy(Mirror mirror, Consumer<FullHttpRequest> whole) {
        this.mirror = mirror;
        this.whole = whole;
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (message instanceof HttpRequest begun) {
            begin(begun);
        }
        if (message instanceof HttpContent part && !over) {
            add(part, ctx);
        }
        if (over) {
            ctx.pipeline().remove(this);
        }
        ctx.write(message, promise);
    }

    private void begin(HttpRequest begun) {
        HttpHeaders fields = begun.headers().copy();
        if (fields.contains(HttpHeaderNames.UPGRADE)) {
            giveUp(Result.BROKEN_OFF); // a session can't be copied
        } else if (HttpUtil.getContentLength(begun, 0L) > mirror.settings().bodyLimit()) {
            giveUp(Result.TOO_LARGE);
        }
        head = new DefaultFullHttpRequest(
                HttpVersion.HTTP_1_1,
                begun.method(),
                begun.uri(),
                Unpooled.EMPTY_BUFFER,
                fields,
                EmptyHttpHeaders.INSTANCE);
    }

    private void add(HttpContent part, ChannelHandlerContext ctx) {
        int more = part.content().readableBytes();
        if (body.readableBytes() + more > mirror.settings().bodyLimit()) {
            giveUp(Result.TOO_LARGE);
            return;
        }
        if (more > 0) {
            body = body.isReadable() ? body : ctx.alloc().buffer(more);
            body.writeBytes(part.content(), part.content().readerIndex(), more);
        }
        if (part instanceof LastHttpContent) {
            complete(ctx);
        }
    }

    private void complete(ChannelHandlerContext ctx) {
        HttpRequest begun = head;
        if (begun == null) {
            giveUp(Result.BROKEN_OFF);
            return;
        }
        over = true;
        FullHttpRequest copy = new DefaultFullHttpRequest(
                HttpVersion.HTTP_1_1, begun.method(), begun.uri(), body, begun.headers(), EmptyHttpHeaders.INSTANCE);
        ctx.channel().eventLoop().execute(() -> whole.accept(copy));
    }

    private void giveUp(Result result) {
        over = true;
        body.release();
        mirror.ended(result);
    }

    /** By itself when it is over; otherwise the connection is closed. */
    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        if (!over) {
            giveUp(Result.BROKEN_OFF);
        }
    }
}
