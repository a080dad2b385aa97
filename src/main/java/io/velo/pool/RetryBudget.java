package io.velo.pool;

import java.util.concurrent.atomic.LongAdder;

/**
 * Bounds the load that repetitions add when many requests fail, as Finagle's budget does: in any {@value #SECONDS} seconds no
 * more than a share of the requests in that time, or a few a second if that is more. Thread-safe. Counting a request costs an
 * addition; the window moves on in steps of a second.
 */
final class RetryBudget {

    /** Length of the window. */
    static final int SECONDS = 10;

    private static final long SECOND = 1_000_000_000L;

    private final LongAdder requests = new LongAdder();
    private final long[] requestsAt = new long[SECONDS]; // totals at the beginning of each of the last seconds
    private final long[] repeatsAt = new long[SECONDS];
    private int latest;
    private long repeats;
    private volatile long nextSecond;

    RetryBudget(long nowNanos) {
        this.nextSecond = nowNanos + SECOND;
    }

    /** Another request, not counting its repetitions. */
    void requested(long nowNanos) {
        if (nowNanos - nextSecond >= 0) {
            moveOn(nowNanos);
        }
        requests.increment();
    }

    /**
     * Takes one repetition out of it.
     *
     * @param share of the requests
     * @param perSecond what is there in any case
     * @return whether there was one left
     */
    synchronized boolean tryTake(double share, int perSecond, long nowNanos) {
        moveOn(nowNanos);
        int oldest = (latest + 1) % SECONDS;
        long most = Math.max((long) perSecond * SECONDS, (long) (share * (requests.sum() - requestsAt[oldest])));
        if (repeats - repeatsAt[oldest] >= most) {
            return false;
        }
        repeats++;
        return true;
    }

    private synchronized void moveOn(long nowNanos) {
        long late = nowNanos - nextSecond;
        if (late < 0) {
            return;
        }
        long seconds = late / SECOND + 1;
        for (long i = 0; i < Math.min(seconds, SECONDS); i++) {
            latest = (latest + 1) % SECONDS;
            requestsAt[latest] = requests.sum();
            repeatsAt[latest] = repeats;
        }
        nextSecond += seconds * SECOND;
    }
}
