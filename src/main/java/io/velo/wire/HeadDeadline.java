package io.velo.wire;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.time.Duration;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Bounds the time from the first byte of a request's head to its last, however many bytes keep dripping in, and the time that
 * a connection may be without a request. Stands before the codec, sees bytes, and is told by {@link RequestGuard} where heads
 * begin and end and when nothing is due any more. What happens in between is not its matter.
 */
final class HeadDeadline extends ChannelInboundHandlerAdapter {

    /** Fired through the pipeline when a head is late. */
    static final Object EXPIRED = new Object();

    private final long headNanos;
    private final long idleNanos;
    private final Alarm alarm;
    private @Nullable ChannelHandlerContext context;
    private boolean inHead = true;
    private boolean begun;
    private boolean late; // the alarm that is set is for a head
    private boolean retired;

    /**
     * @param head longest time for a head
     * @param idle longest time without a request
     */
    HeadDeadline(Channel channel, Duration head, Duration idle, LongSupplier nanos) {
        this.headNanos = head.toNanos();
        this.idleNanos = idle.toNanos();
        this.alarm = new Alarm(channel.eventLoop(), nanos, this::expire);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        alarm.in(idleNanos);
    }

    void headArrived() {
        inHead = false;
        begun = false;
        late = false;
        alarm.off();
    }

    void requestEnded() {
        inHead = true;
    }

    /** All answers are out: unless the next request has begun, the connection is idle. */
    void nothingDue() {
        if (inHead && !begun && !retired) {
            alarm.in(idleNanos);
        }
    }

    /** No head comes any more: the connection has switched to another protocol, or isn't listened to. */
    void retire() {
        retired = true;
        alarm.stop();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        begun = inHead;
        ctx.fireChannelRead(message);
    }

    /** A head that came whole in one read, as most do, never sets the alarm. */
    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (inHead && begun && !late && !retired) {
            late = true;
            alarm.in(headNanos);
        }
        ctx.fireChannelReadComplete();
    }

    private void expire() {
        ChannelHandlerContext ctx = Objects.requireNonNull(context, "not added");
        if (late) {
            ctx.fireUserEventTriggered(EXPIRED);
        } else {
            ctx.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        retire();
        ctx.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        retire();
    }
}
