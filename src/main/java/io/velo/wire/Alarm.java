package io.velo.wire;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A deadline that moves with each request and each read. Moving it costs a field: the one timer behind it looks, when it
 * goes off, whether the deadline has moved on, and if so waits for the rest. For one event loop.
 */
public final class Alarm {

    private final EventLoop eventLoop;
    private final LongSupplier nanos;
    private final Runnable action;
    private boolean set;
    private long due;
    private long timerDue;
    private @Nullable Future<?> timer;

    /**
     * @param action run when the deadline has passed
     */
    public Alarm(EventLoop eventLoop, LongSupplier nanos, Runnable action) {
        this.eventLoop = eventLoop;
        this.nanos = nanos;
        this.action = action;
    }

    /** Sets the deadline, in place of any other. */
    public void in(long delayNanos) {
        set = true;
        due = nanos.getAsLong() + delayNanos;
        if (timer == null || due - timerDue < 0) {
            startTimer(delayNanos);
        }
    }

    /** Takes the deadline away. */
    public void off() {
        set = false;
    }

    /** Takes deadline and timer away, for good. */
    public void stop() {
        set = false;
        Future<?> running = timer;
        if (running != null) {
            running.cancel(false);
            timer = null;
        }
    }

    private void startTimer(long delayNanos) {
        Future<?> running = timer;
        if (running != null) {
            running.cancel(false);
        }
        timerDue = due;
        timer = eventLoop.schedule(this::ring, delayNanos, TimeUnit.NANOSECONDS);
    }

    private void ring() {
        timer = null;
        if (!set) {
            return;
        }
        long rest = due - nanos.getAsLong();
        if (rest > 0) {
            startTimer(rest);
        } else {
            set = false;
            action.run();
        }
    }
}
