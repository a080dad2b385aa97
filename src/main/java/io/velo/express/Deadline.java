package io.velo.express;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Something that is due in a time, of a request or one attempt, unless that ends before. One at a time. */
final class Deadline {

    private @Nullable Future<?> timer;

    /**
     * @param most zero for no limit
     * @param overdue run when it is over
     */
    void start(EventLoop eventLoop, Duration most, Runnable overdue) {
        if (!most.isZero()) {
            startNanos(eventLoop, most.toNanos(), overdue);
        }
    }

    /** The same with a time that there is in any case. */
    void startNanos(EventLoop eventLoop, long nanos, Runnable due) {
        timer = eventLoop.schedule(due, nanos, TimeUnit.NANOSECONDS);
    }

    void cancel() {
        Future<?> running = timer;
        if (running != null) {
            timer = null;
            running.cancel(false);
        }
    }
}
