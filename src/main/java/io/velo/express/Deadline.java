package io.velo.express;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The longest time that a request may take as a whole, if there is a limit. */
final class Deadline {

    private @Nullable Future<?> timer;

    /**
     * @param most zero for no limit
     * @param overdue run when it is over
     */
    void start(EventLoop eventLoop, Duration most, Runnable overdue) {
        if (!most.isZero()) {
            timer = eventLoop.schedule(overdue, most.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    void cancel() {
        Future<?> running = timer;
        if (running != null) {
            running.cancel(false);
        }
    }
}
