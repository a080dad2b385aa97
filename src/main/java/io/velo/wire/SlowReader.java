package io.velo.wire;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2StreamChannel;
import java.util.function.LongSupplier;

/**
 * Ends a connection, or a stream of one, if nothing goes out for a while although more than 64 KiB wait, or anything at all behind
 * which it is to be closed; who takes it slowly may. It looks four times in the time that is allowed, so that it notices after up
 * to a quarter more. For one event loop.
 */
public final class SlowReader {

    private static final int LOOKS = 4;

    private final Channel channel;
    private final long lookNanos;
    private final Alarm alarm;
    private long seen;
    private int inVain;

    /**
     * @param mostNanos how long nothing may go out
     */
    public SlowReader(Channel channel, long mostNanos, LongSupplier nanos) {
        this.channel = channel;
        this.lookNanos = mostNanos / LOOKS;
        this.alarm = new Alarm(channel.eventLoop(), nanos, this::look);
    }

    /** The channel takes more again, or has enough for now. */
    void writabilityChanged() {
        if (channel.isWritable()) {
            alarm.off();
        } else {
            begin();
        }
    }

    /** All that is to go out has been written, and however little of it waits, it isn't waited for any longer than that. */
    public void lastWritten() {
        begin();
    }

    private void begin() {
        inVain = 0;
        seen = progress();
        alarm.in(lookNanos);
    }

    /** Ends nothing any more. */
    public void stop() {
        alarm.stop();
    }

    private void look() {
        long now = progress();
        inVain = now == seen ? inVain + 1 : 0;
        seen = now;
        if (inVain < LOOKS) {
            alarm.in(lookNanos);
        } else {
            reset();
        }
    }

    /** Something that differs as soon as anything has gone out: as Netty's own handler for idle connections finds it out. */
    private long progress() {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        if (buffer == null) {
            return channel.bytesBeforeWritable() - channel.bytesBeforeUnwritable(); // streams have none
        }
        long part = 31L * System.identityHashCode(buffer.current()) + buffer.currentProgress();
        return 31 * part + buffer.totalPendingWriteBytes();
    }

    /** At once, past everybody who would wait for the rest: what waits in the kernel would have to wait for this client, too. */
    private void reset() {
        ChannelHandlerContext outermost = channel.pipeline().firstContext();
        if (channel instanceof Http2StreamChannel) {
            outermost.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.CANCEL));
        } else {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
        }
        outermost.close();
    }
}
