package io.velo.wire;

import io.netty.channel.Channel;
import io.netty.handler.codec.http2.DefaultHttp2PingFrame;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Watches whether the backend of an HTTP/2 connection still gives a sign. While requests wait for one, a backend that is silent
 * for some time is asked for one by PING (RFC 9113 section 6.7), and when it is silent for as long again, the connection is
 * closed. A sign costs two fields. For one event loop.
 */
final class Pulse {

    private static final long PING = 0x76656c6fL;

    private final Channel channel;
    private final LongSupplier nanos;
    private final long pingNanos;
    private final Alarm alarm;
    private long heardNanos;
    private boolean pinged;

    /**
     * @param ping after this time of silence it is asked; zero for never
     */
    Pulse(Channel channel, LongSupplier nanos, Duration ping) {
        this.channel = channel;
        this.nanos = nanos;
        this.pingNanos = ping.toNanos();
        this.alarm = new Alarm(channel.eventLoop(), nanos, this::look);
    }

    /** Here is a sign. */
    void heard() {
        heardNanos = nanos.getAsLong();
        pinged = false;
    }

    /** Whether there was none for this time, nor since it began to be waited for. */
    boolean missing(Duration time, long waitedSinceNanos) {
        long last = heardNanos - waitedSinceNanos > 0 ? heardNanos : waitedSinceNanos;
        return nanos.getAsLong() - last > time.toNanos();
    }

    /** Requests wait for signs from now on. */
    void watch() {
        if (pingNanos > 0) {
            alarm.in(pingNanos);
        }
    }

    /** Nobody does any more. */
    void rest() {
        alarm.off();
    }

    /** There is no connection any more. */
    void stop() {
        alarm.stop();
    }

    private void look() {
        long silentNanos = nanos.getAsLong() - heardNanos;
        if (silentNanos < pingNanos) {
            alarm.in(pingNanos - silentNanos);
        } else if (pinged) {
            channel.close();
        } else {
            pinged = true;
            channel.writeAndFlush(new DefaultHttp2PingFrame(PING));
            alarm.in(pingNanos);
        }
    }
}
