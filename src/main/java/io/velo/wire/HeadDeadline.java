package io.velo.wire;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Bounds the time from the first byte of a request's head to its last, however many bytes keep dripping in. Stands before
 * the codec, sees bytes, and is told by {@link RequestGuard} where heads begin and end. Idle connections are not its matter.
 */
final class HeadDeadline extends ChannelInboundHandlerAdapter {

    /** Fired through the pipeline when a head is late. */
    static final Object EXPIRED = new Object();

    private final long nanos;
    private boolean inHead = true;
    private boolean retired;
    private @Nullable Future<?> alarm;

    HeadDeadline(Duration limit) {
        this.nanos = limit.toNanos();
    }

    void headArrived() {
        inHead = false;
        stop();
    }

    void requestEnded() {
        inHead = true;
    }

    /** No head comes any more: the connection has switched to another protocol. */
    void retire() {
        retired = true;
        stop();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (inHead && alarm == null && !retired) {
            alarm = ctx.executor().schedule(() -> expire(ctx), nanos, TimeUnit.NANOSECONDS);
        }
        ctx.fireChannelRead(message);
    }

    private void expire(ChannelHandlerContext ctx) {
        if (inHead) {
            ctx.fireUserEventTriggered(EXPIRED);
        }
    }

    private void stop() {
        Future<?> pending = alarm;
        alarm = null;
        if (pending != null) {
            pending.cancel(false);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        stop();
        ctx.fireChannelInactive();
    }
}
