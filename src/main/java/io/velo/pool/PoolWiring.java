package io.velo.pool;

import io.velo.backend.BreakerFactory;
import io.velo.backend.MembershipListener;
import io.velo.backend.OutcomeListener;
import io.velo.backend.TransitionListener;
import java.time.InstantSource;
import java.util.List;
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
 */
public record PoolWiring(
        BreakerFactory breakers,
        List<OutcomeListener> outcomes,
        List<TransitionListener> transitions,
        Supplier<List<MembershipListener>> members,
        LongSupplier nanos,
        InstantSource clock) {
    public PoolWiring {
        outcomes = List.copyOf(outcomes);
        transitions = List.copyOf(transitions);
    }

    /** For pools in which nobody is interested in who belongs to them. */
    public PoolWiring(
            BreakerFactory breakers,
            List<OutcomeListener> outcomes,
            List<TransitionListener> transitions,
            LongSupplier nanos,
            InstantSource clock) {
        this(breakers, outcomes, transitions, List::of, nanos, clock);
    }
}
