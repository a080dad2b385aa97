package io.velo.wire;

import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** An event loop whose time stands still until it is moved. */
final class LoopTime {

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private long nanos = Long.MAX_VALUE - Duration.ofSeconds(1).toNanos(); // runs over within the first second

    LoopTime() {
        channel.freezeTime();
    }

    /** A channel on it. */
    EmbeddedChannel channel() {
        return channel;
    }

    EventLoop eventLoop() {
        return channel.eventLoop();
    }

    long nanos() {
        return nanos;
    }

    /** Does what has been given to it. */
    void run() {
        channel.runPendingTasks();
    }

    void advance(Duration time) {
        nanos += time.toNanos();
        channel.advanceTimeBy(time.toNanos(), TimeUnit.NANOSECONDS);
        channel.runScheduledPendingTasks();
    }
}
