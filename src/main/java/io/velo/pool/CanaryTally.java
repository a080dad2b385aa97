package io.velo.pool;

import io.velo.pool.CanaryPlan.Guard;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToLongFunction;

/**
 * How the requests of the last while ended on either side of a canary, and what that says. Counting is lock-free and O(1);
 * a look is O(1), too: the window is a ring of {@value #SLICES} slices, of which the oldest falls out as a whole.
 */
final class CanaryTally {

    private static final int SLICES = 12;

    /** A surplus of errors that chance alone makes with a probability below 1 to this is none of chance. */
    private static final double SURE = Math.log(1000);

    private final Guard guard;
    private final long sliceNanos;
    private final long startNanos;
    private final AtomicReferenceArray<Slice> ring = new AtomicReferenceArray<>(SLICES);

    CanaryTally(Guard guard, long nowNanos) {
        this.guard = guard;
        this.sliceNanos = Math.max(1, guard.window().toNanos() / SLICES);
        this.startNanos = nowNanos;
        for (int i = 0; i < SLICES; i++) {
            ring.set(i, new Slice(i - SLICES)); // of a time before the first
        }
    }

    void add(boolean canary, boolean error, long nowNanos) {
        Slice slice = sliceOf((nowNanos - startNanos) / sliceNanos);
        Side side = canary ? slice.canary : slice.baseline;
        side.requests.increment();
        if (error) {
            side.errors.increment();
        }
    }

    private Slice sliceOf(long number) {
        int place = (int) (number % SLICES);
        Slice present = ring.get(place);
        if (present.number >= number) { // a later one, if this thread was held up for a whole window
            return present;
        }
        Slice fresh = new Slice(number);
        return ring.compareAndSet(place, present, fresh) ? fresh : ring.get(place);
    }

    /** What there is of one side. */
    CanaryFigures figures(boolean canary, long nowNanos) {
        long oldest = (nowNanos - startNanos) / sliceNanos - SLICES;
        return new CanaryFigures(
                sum(canary, oldest, side -> side.requests.sum()), sum(canary, oldest, side -> side.errors.sum()));
    }

    private long sum(boolean canary, long oldest, ToLongFunction<Side> figure) {
        long sum = 0;
        for (int i = 0; i < SLICES; i++) {
            Slice slice = ring.get(i);
            if (slice.number > oldest && slice.number >= 0) {
                sum += figure.applyAsLong(canary ? slice.canary : slice.baseline);
            }
        }
        return sum;
    }

    /**
     * Whether the canary does worse than the guard allows, and surely not by chance. The most errors that it may have are
     * {@code ratio × the baseline's share × its requests}; the share is taken as if the baseline had had one request and one
     * error more, so that a baseline without errors allows a few. More errors than that are due to chance with a probability
     * of at most {@code e^-(k ln(k/m) - k + m)} for k errors where m are allowed (Chernoff's bound for a Poisson variable).
     */
    boolean tooBad(long nowNanos) {
        CanaryFigures canary = figures(true, nowNanos);
        if (guard.maxErrorRatio() == 0 || canary.requests() < guard.minRequests()) {
            return false;
        }
        CanaryFigures baseline = figures(false, nowNanos);
        double share = (baseline.errors() + 1.0) / (baseline.requests() + 1.0);
        double most = guard.maxErrorRatio() * share * canary.requests();
        double errors = canary.errors();
        return errors > most && errors * Math.log(errors / most) - errors + most > SURE;
    }

    /** A part of the window. */
    private static final class Slice {

        private final long number;
        private final Side canary = new Side();
        private final Side baseline = new Side();

        Slice(long number) {
            this.number = number;
        }
    }

    private static final class Side {
        private final LongAdder requests = new LongAdder();
        private final LongAdder errors = new LongAdder();
    }
}
