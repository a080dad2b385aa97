package io.velo.wire;

import java.util.function.LongSupplier;

/**
 * The rate at which a body comes in, over the time in which somebody waits for it: a client that a slow backend holds up is not
 * slow. For one event loop; costs nothing for bodies that aren't watched.
 */
final class BodyRate {

    private static final long NANOS_IN_SECOND = 1_000_000_000L;

    /** How long a body may take whatever its rate. */
    private static final long GRACE_NANOS = 5 * NANOS_IN_SECOND;

    private final long least;
    private final LongSupplier nanos;
    private boolean watched;
    private long awaitedSince;
    private long awaitedNanos;
    private long bytes;

    /**
     * @param least bytes in a second; 0 for any number
     */
    BodyRate(long least, LongSupplier nanos) {
        this.least = least;
        this.nanos = nanos;
    }

    /** Begins with the next body. */
    void begin(BodyPace pace) {
        watched = least > 0 && pace == BodyPace.BRISK;
        awaitedNanos = 0;
        bytes = 0;
    }

    /** From now on somebody waits. */
    void awaited() {
        if (watched) {
            awaitedSince = nanos.getAsLong();
        }
    }

    /** Nobody waits any more. */
    void heard() {
        if (watched) {
            awaitedNanos += nanos.getAsLong() - awaitedSince;
        }
    }

    /** So many bytes of it have come. */
    void arrived(int more) {
        bytes += more;
    }

    /** Whether it comes in too slowly; says so once. */
    boolean crawls() {
        boolean slow = watched && awaitedNanos > GRACE_NANOS && bytes < least * (awaitedNanos / NANOS_IN_SECOND);
        watched &= !slow;
        return slow;
    }
}
