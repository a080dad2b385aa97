package io.velo.pool;

import io.velo.backend.BreakerFactory;
import io.velo.backend.OutcomeListener;
import io.velo.backend.TransitionListener;
import java.time.InstantSource;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * What a pool needs from the world around it.
 *
 * @param breakers makes each backend's breaker
 * @param outcomes told of each lease's end
 * @param transitions told of each change of state
 * @param nanos monotonic time
 * @param clock wall-clock time, for display
 */
public record PoolWiring(
        BreakerFactory breakers,
        List<OutcomeListener> outcomes,
        List<TransitionListener> transitions,
        LongSupplier nanos,
        InstantSource clock) {
    public PoolWiring {
        outcomes = List.copyOf(outcomes);
        transitions = List.copyOf(transitions);
    }
}
