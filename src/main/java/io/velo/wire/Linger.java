package io.velo.wire;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DuplexChannel;
import java.util.concurrent.TimeUnit;

/** Ends a client's connection after what was written to it. */
public final class Linger {

    private static final int SECONDS = 1;

    private Linger() {}

    /**
     * Closes once everything is out. With bytes of the client unread, closing at once would reset the connection, and the
     * client might never see the answer; then only this side is shut, and what comes in is for the caller to throw away.
     *
     * @param allRead whether nothing more is to be expected of the client
     */
    public static void close(ChannelHandlerContext ctx, boolean allRead) {
        if (allRead) {
            ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        } else {
            ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> shutOutput(ctx));
        }
    }

    private static void shutOutput(ChannelHandlerContext ctx) {
        if (ctx.channel() instanceof DuplexChannel socket && ctx.channel().isActive()) {
            socket.shutdownOutput();
            ctx.executor().schedule(() -> ctx.close(), SECONDS, TimeUnit.SECONDS);
            ctx.read();
        } else {
            ctx.close();
        }
    }
}
