package io.velo.wire;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2StreamChannel;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Bounds the time from the first byte of a request's head to its last, however many bytes keep dripping in, the silence of a
 * client inside a body that somebody wants to read, and the time that a connection may be without a request. Stands before the
 * codec, sees bytes, and is told by {@link RequestGuard} where heads begin and end and when nothing is due any more.
 */
final class ClientDeadline extends ChannelDuplexHandler {

    /** Fired through the pipeline when a head is late. */
    static final Object HEAD_EXPIRED = new Object();

    /** Fired through the pipeline when nothing more of a body comes. */
    static final Object BODY_EXPIRED = new Object();

    private final long headNanos;
    private final long bodyNanos;
    private final long idleNanos;
    private final Alarm alarm;
    private @Nullable ChannelHandlerContext context;
    private boolean inHead = true;
    private boolean begun;
    private boolean late; // the alarm that is set is for a head
    private boolean inBody;
    private boolean awaited; // the alarm that is set is for a part of a body
    private boolean retired;
    private boolean ofStream;

    ClientDeadline(Channel channel, ClientTimes times, LongSupplier nanos) {
        this.headNanos = times.head().toNanos();
        this.bodyNanos = times.body().toNanos();
        this.idleNanos = times.idle().toNanos();
        this.alarm = new Alarm(channel.eventLoop(), nanos, this::expire);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        ofStream = ctx.channel() instanceof Http2StreamChannel;
        if (!ofStream) { // which is there for one request alone
            alarm.in(idleNanos);
        }
    }

    /**
     * A head is whole.
     *
     * @param patient whether its client may be silent in the body for as long as it likes
     */
    void headArrived(boolean patient) {
        inHead = false;
        begun = false;
        late = false;
        inBody = !patient;
        alarm.off();
    }

    void requestEnded() {
        inHead = true;
        inBody = false;
        heard();
    }

    private void heard() {
        if (awaited) {
            awaited = false;
            alarm.off();
        }
    }

    /** Only who is listened to can be said to be silent: a client that a slow backend holds up is not. */
    @Override
    public void read(ChannelHandlerContext ctx) {
        if (inBody && !awaited && !retired) {
            awaited = true;
            alarm.in(bodyNanos);
        }
        ctx.read();
    }

    /** All answers are out: unless the next request has begun, the connection is idle. */
    void nothingDue() {
        if (inHead && !begun && !retired && !ofStream) {
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
        heard();
        if (inHead && begun && !late && !retired) {
            late = true;
            alarm.in(headNanos);
        }
        ctx.fireChannelReadComplete();
    }

    private void expire() {
        ChannelHandlerContext ctx = Objects.requireNonNull(context, "not added");
        if (late) {
            ctx.fireUserEventTriggered(HEAD_EXPIRED);
        } else if (awaited) {
            ctx.fireUserEventTriggered(BODY_EXPIRED);
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
