package io.velo.limit;

import java.time.Duration;

/**
 * How fast requests may come: a token bucket that holds {@code burst} tokens, is full at the start, and gets
 * {@code requests} tokens in each {@code period}.
 *
 * @param requests at least 1
 * @param period above zero
 * @param burst most requests at once, at least 1
 */
public record Rate(long requests, Duration period, long burst) {

    /** Nanoseconds from one token to the next, at least 1. */
    public long intervalNanos() {
        return Math.max(1, period.toNanos() / requests);
    }

    /** Nanoseconds in which an empty bucket becomes full. */
    public long fillNanos() {
        return Math.multiplyExact(intervalNanos(), burst);
    }
}
