package io.velo.overload;

import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * How late an event loop is: the age of a task that it has not come to yet, or how long it took to come to the last one. One
 * small task at a time.
 */
final class LoopLag {

    private final EventExecutor loop;
    private final LongSupplier nanos;
    private final AtomicLong sent = new AtomicLong(); // when the task was handed over; 0 if none is on its way
    private volatile long latest;

    LoopLag(EventExecutor loop, LongSupplier nanos) {
        this.loop = loop;
        this.nanos = nanos;
    }

    /** How late it is now, in nanoseconds; sends the next task if the loop is through with the last one. */
    long look() {
        long now = nanos.getAsLong();
        long before = sent.get();
        if (before != 0) {
            return now - before;
        }
        long lag = latest;
        sent.set(now == 0 ? 1 : now);
        loop.execute(this::arrived);
        return lag;
    }

    private void arrived() {
        latest = nanos.getAsLong() - sent.getAndSet(0);
    }
}
