package io.velo.limit;

/**
 * What came of a draw.
 *
 * @param granted whether there was a token
 * @param remaining tokens left
 * @param waitNanos until there is another token, if there was none; 0 otherwise
 * @param resetNanos until the bucket is full
 */
public record Taken(boolean granted, long remaining, long waitNanos, long resetNanos) {

    /**
     * Reads a bucket by the generic cell rate algorithm (ITU-T I.371), which keeps a token bucket in one number: the time at
     * which it will be full.
     *
     * @param granted whether {@code untilFull} counts a token that was taken just now
     * @param untilFull nanoseconds until the bucket is full
     */
    public static Taken of(boolean granted, long untilFull, Rate rate) {
        long interval = rate.intervalNanos();
        long room = rate.fillNanos() - untilFull;
        return new Taken(granted, Math.max(0, room / interval), granted ? 0 : Math.max(1, interval - room), untilFull);
    }
}
