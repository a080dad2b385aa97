package io.velo.pool;

import io.velo.backend.BreakerFactory;
import io.velo.backend.ConcurrencyLimit;
import io.velo.backend.MembershipListener;
import io.velo.backend.OutcomeListener;
import io.velo.backend.TransitionListener;
import java.time.InstantSource;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What a pool needs from the world around it.
 *
 * @param breakers makes each backend's breaker
 * @param outcomes told of each lease's end
 * @param transitions told of each change of state
 * @param members gives those who are told who belongs to the pool; asked when there is something to tell
 * @param nanos monotonic time
 * @param clock wall-clock time, for display
 * @param concurrency makes what finds out how many requests a backend may have at once
 * @param randomBelow a number from 0 to below a bound
 */
public record PoolWiring(
        BreakerFactory breakers,
        List<OutcomeListener> outcomes,
        List<TransitionListener> transitions,
        Supplier<List<MembershipListener>> members,
        LongSupplier nanos,
        InstantSource clock,
        ConcurrencyLimit.Factory concurrency,
        IntUnaryOperator randomBelow) {
    public PoolWiring {
        outcomes = List.copyOf(outcomes);
        transitions = List.copyOf(transitions);
    }

    /** For pools in which nobody is interested in who belongs to them, and chance has no part. */
    public PoolWiring(
            BreakerFactory breakers,
            List<OutcomeListener> outcomes,
            List<TransitionListener> transitions,
            LongSupplier nanos,
            InstantSource clock) {
        this(breakers, outcomes, transitions, List::of, nanos, clock, pool -> ConcurrencyLimit.NONE, bound -> 0);
    }
}
