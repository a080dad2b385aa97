package io.velo.strategy;

import io.velo.backend.Feedback;
import io.velo.backend.Outcome;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.function.LongSupplier;

/**
 * The usual time to a backend's first byte, as Finagle reckons it: a longer one counts at once and whole, shorter ones bring
 * it down by and by, and without requests it falls towards nothing, so that a backend that was slow is tried again. A failure
 * is never good news: it counts only if it took longer. Lock-free; mean and time of the last change share one word, the latter
 * in steps of about a millisecond, so of many requests in one step only the first and longer ones count.
 */
final class PeakEwma implements Feedback {

    /** The mean falls to a third (1/e) in ten seconds of 2^20 ns steps. */
    private static final double MEMORY_STEPS = 10e9 / (1 << 20);

    private static final int STEP_BITS = 20;
    private static final int FIRST_FAILURE = 500;
    private static final int FINE_STEPS = 64;
    private static final double[] FINE = decay(FINE_STEPS, 1);
    private static final double[] COARSE = decay(2048, FINE_STEPS); // 137 s, after which next to nothing is left

    private static final AtomicLongFieldUpdater<PeakEwma> STATE =
            AtomicLongFieldUpdater.newUpdater(PeakEwma.class, "state");

    private final LongSupplier nanos;
    private volatile long state; // mean in nanoseconds as float bits, then the step of its change

    PeakEwma(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** The time to expect at a moment, in nanoseconds; 0 if there never was an answer. */
    double at(long nowNanos) {
        long now = state;
        double mean = mean(now);
        return mean == 0 ? 0 : Math.max(1, mean * left(since(now, step(nowNanos))));
    }

    @Override
    public void answered(int status, long took) {
        observe(took, status < FIRST_FAILURE);
    }

    @Override
    public void ended(Outcome outcome) {
        if (outcome instanceof Outcome.Failed failed) {
            observe(failed.nanos(), false);
        }
    }

    /**
     * Takes one more time in.
     *
     * @param good whether it may bring the mean down
     */
    private void observe(long took, boolean good) {
        int step = step(nanos.getAsLong());
        long before = state;
        while (true) {
            int since = since(before, step);
            double left = left(since);
            double expected = mean(before) * left;
            boolean peak = took >= expected;
            if (!peak && (since == 0 || !good)) {
                return;
            }
            long after = packed(peak ? Math.max(1, took) : expected + took * (1 - left), step);
            if (STATE.compareAndSet(this, before, after)) {
                return;
            }
            before = state;
        }
    }

    private static double[] decay(int length, int steps) {
        double[] table = new double[length];
        for (int i = 0; i < length; i++) {
            table[i] = Math.exp(-i * steps / MEMORY_STEPS);
        }
        return table;
    }

    /** What is left of a mean after so many steps: e to the power of both their parts, which is quicker than of the whole. */
    private static double left(int steps) {
        return COARSE[Math.min(steps / FINE_STEPS, COARSE.length - 1)] * FINE[steps % FINE_STEPS];
    }

    private static int step(long nowNanos) {
        return (int) (nowNanos >>> STEP_BITS);
    }

    /** Steps from the last change to now; a clock that another thread has read a moment later doesn't go backwards. */
    private static int since(long state, int step) {
        return Math.max(0, step - (int) state);
    }

    private static double mean(long state) {
        return Float.intBitsToFloat((int) (state >>> Integer.SIZE));
    }

    private static long packed(double mean, int step) {
        return (long) Float.floatToRawIntBits((float) mean) << Integer.SIZE | Integer.toUnsignedLong(step);
    }
}
