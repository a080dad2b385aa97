package io.velo.wire;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2StreamChannel;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Bounds the time from the first byte of a request's head to its last, however many bytes keep dripping in, the silence and the
 * slowness of a client inside a body that somebody wants to read, the time in which it takes nothing of an answer, and the time
 * that a connection may be without a request. Stands before the codec of a connection and behind that of a stream, and is told by
 * {@link RequestGuard} where heads begin and end and when nothing is due any more.
 */
final class ClientDeadline extends ChannelDuplexHandler {

    /** Fired through the pipeline when a head is late. */
    static final Object HEAD_EXPIRED = new Object();

    /** Fired through the pipeline when nothing more of a body comes. */
    static final Object BODY_EXPIRED = new Object();

    private final long headNanos;
    private final long bodyNanos;
    private final long idleNanos;
    private final long writeNanos;
    private final LongSupplier nanos;
    private final BodyRate rate;
    private final Alarm alarm;
    private @Nullable ChannelHandlerContext context;
    private boolean inHead = true;
    private boolean begun;
    private boolean late; // the alarm that is set is for a head
    private boolean inBody;
    private boolean awaited; // the alarm that is set is for a part of a body
    private boolean retired;
    private boolean ofStream;
    private @Nullable SlowReader slowReader; // none as long as the client keeps up

    ClientDeadline(Channel channel, ClientTimes times, LongSupplier nanos) {
        this.headNanos = times.head().toNanos();
        this.bodyNanos = times.body().toNanos();
        this.idleNanos = times.idle().toNanos();
        this.writeNanos = times.write().toNanos();
        this.nanos = nanos;
        this.rate = new BodyRate(times.minRate(), nanos);
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
     * @param pace how its body has to come in
     */
    void headArrived(BodyPace pace) {
        inHead = false;
        begun = false;
        late = false;
        inBody = pace != BodyPace.ANY;
        rate.begin(pace);
        alarm.off();
    }

    /** A part of the body has come. */
    void bodyArrived(int bytes) {
        rate.arrived(bytes);
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
            rate.heard();
        }
    }

    /** Only who is listened to can be said to be silent: a client that a slow backend holds up is not. */
    @Override
    public void read(ChannelHandlerContext ctx) {
        if (inBody && !awaited && !retired) {
            awaited = true;
            rate.awaited();
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
        if (slowReader != null) {
            slowReader.stop();
        }
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
        if (inBody && !retired && rate.crawls()) {
            ctx.fireUserEventTriggered(BODY_EXPIRED);
        }
        ctx.fireChannelReadComplete();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (!retired) {
            slowReader().writabilityChanged();
        }
        ctx.fireChannelWritabilityChanged();
    }

    private SlowReader slowReader() {
        SlowReader known = slowReader;
        if (known == null) {
            known = new SlowReader(Objects.requireNonNull(context, "not added").channel(), writeNanos, nanos);
            slowReader = known;
        }
        return known;
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
