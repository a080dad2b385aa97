package io.velo.express;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One end of a connection that doesn't speak HTTP any more: passes bytes on to the other end, no faster than that takes them,
 * and ends it with its own end. Both ends are on one event loop. Nothing is written through the handlers behind this one,
 * which still believe in HTTP.
 */
final class Tunnel extends ChannelInboundHandlerAdapter {

    private final Attempts attempts;
    private @Nullable ChannelHandlerContext context;
    private @Nullable Tunnel other;

    private Tunnel(Attempts attempts) {
        this.attempts = attempts;
    }

    /** One end of a tunnel; {@link #other} is the other one. */
    static Tunnel of(Attempts attempts) {
        Tunnel here = new Tunnel(attempts);
        Tunnel there = new Tunnel(attempts);
        here.other = there;
        there.other = here;
        return here;
    }

    Tunnel other() {
        return Objects.requireNonNull(other, "tunnels have two ends");
    }

    private ChannelHandlerContext context() {
        return Objects.requireNonNull(context, "not added");
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!(message instanceof ByteBuf)) {
            ReferenceCountUtil.release(message); // the end of the answer that switched
            return;
        }
        ChannelHandlerContext to = other().context();
        to.write(message, to.voidPromise());
        if (!to.channel().isWritable()) {
            to.flush();
            ctx.channel().config().setAutoRead(to.channel().isWritable());
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        other().context().flush();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        other().context().channel().config().setAutoRead(ctx.channel().isWritable());
        ctx.fireChannelWritabilityChanged();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        attempts.sessionOver();
        other().context().writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }
}
