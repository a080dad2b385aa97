package io.velo.strategy;

import io.velo.backend.Backend;
import io.velo.backend.BackendState;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.function.LongSupplier;

/**
 * Of two different candidates drawn at random, by weight, the one that is likely to answer first: with the smaller product of
 * its usual time to the first byte, see {@link PeakEwma}, and of the requests that it would have in flight, per weight. A
 * candidate that has never answered is tried at once, but by one request at a time. This is the strategy of Finagle and
 * linkerd ("Beyond Round Robin: Load Balancing for Latency", 2016). O(1), lock-free. What was learned of a backend stays with
 * it when it goes down and comes back; after an ejection it is forgotten, or a slow one would wait long for its trial.
 */
final class LeastTime implements Strategy {

    /** For a candidate that is asked for the first time just now: above all times that occur, in nanoseconds. */
    private static final double UNKNOWN = 1e15;

    private final IntUnaryOperator randomBelow;
    private final LongSupplier nanos;

    LeastTime(StrategyContext context) {
        this.randomBelow = context.randomBelow();
        this.nanos = context.nanos();
    }

    @Override
    public Picker pickerFor(List<Candidate> candidates) {
        Loads loads = Loads.of(candidates);
        PeakEwma[] times =
                candidates.stream().map(each -> timeOf(each.backend())).toArray(PeakEwma[]::new);
        return new Pair(randomBelow, loads, new Waits(nanos, loads, times));
    }

    private PeakEwma timeOf(Backend backend) {
        if (backend.feedback() instanceof PeakEwma known && backend.state() != BackendState.TRIAL) {
            return known;
        }
        PeakEwma fresh = new PeakEwma(nanos);
        backend.tell(fresh);
        return fresh;
    }

    /**
     * Who is likely to answer first. The clock is read once, before anything else: a processor reads it only when all that it has
     * asked of the memory before is there, so with a clock between them it would wait for one backend after the other.
     */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares them
    private record Waits(LongSupplier nanos, Loads loads, PeakEwma[] times) implements Pair.Order {

        @Override
        public boolean isBetter(int one, int other) {
            long now = nanos.getAsLong();
            return at(one, now) * loads.weights()[other] < at(other, now) * loads.weights()[one];
        }

        private double at(int place, long now) {
            double usual = times[place].at(now);
            int inFlight = loads.backends()[place].inFlight();
            return usual == 0 ? inFlight * UNKNOWN : usual * (inFlight + 1);
        }
    }
}
