package io.velo.limit;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Whether a store is worth being asked. After some failures in a row it isn't, for a while; then one request at a time finds
 * out, so that an outage costs few of them their patience. Lock-free.
 */
public final class StoreGate {

    private static final int MOST_FAILURES = 3;

    private final LongSupplier nanos;
    private final long restNanos;
    private final AtomicInteger failures = new AtomicInteger();
    private final AtomicLong shutUntil;

    /**
     * @param restNanos how long it isn't asked, above zero
     */
    public StoreGate(LongSupplier nanos, long restNanos) {
        this.nanos = nanos;
        this.restNanos = restNanos;
        this.shutUntil = new AtomicLong(nanos.getAsLong());
    }

    /** Whether to ask now. */
    public boolean opens() {
        if (failures.get() < MOST_FAILURES) {
            return true;
        }
        long until = shutUntil.get();
        long now = nanos.getAsLong();
        return now - until >= 0 && shutUntil.compareAndSet(until, now + restNanos);
    }

    /** It has answered. True if it had been given up. */
    public boolean answered() {
        return failures.get() != 0 && failures.getAndSet(0) >= MOST_FAILURES;
    }

    /** It has not. True if it is given up with this. */
    public boolean failed() {
        int now = failures.updateAndGet(before -> Math.min(before + 1, MOST_FAILURES + 1));
        if (now == MOST_FAILURES) {
            shutUntil.set(nanos.getAsLong() + restNanos);
            return true;
        }
        return false;
    }
}
