package io.velo.pool;

import io.velo.backend.BackendSpec;
import io.velo.backend.Health;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * What the configuration says of one pool. Immutable.
 *
 * @param name unique name; {@code lb://name} in a route means this pool
 * @param strategy name of the strategy
 * @param rules what the strategy is told besides
 * @param affinity the cookie by which clients come back to their backends
 * @param backends in the order of the configuration; may be empty
 * @param probed whether backends are probed; otherwise all count as healthy
 * @param thresholds how many probes change a finding
 * @param maxEjected the largest part of the pool that may be ejected at once, 0 to 1; 1 lifts the cap and allows even the
 *     last eligible backend to be ejected
 * @param panicThreshold if less than this part of the pool is eligible, health is ignored; 0 to 1, 0 is never
 * @param slowStart how long a backend that came back or joined takes to reach its weight; zero for at once
 * @param drainTimeout how long requests may go on on a backend that is drained, before they are cut; zero for no limit
 * @param retry when a request that came to nothing on one backend tries another one
 */
public record PoolSpec(
        String name,
        String strategy,
        StrategyRules rules,
        AffinityRule affinity,
        List<BackendSpec> backends,
        boolean probed,
        Health.Thresholds thresholds,
        double maxEjected,
        double panicThreshold,
        Duration slowStart,
        Duration drainTimeout,
        RetryPolicy retry) {

    public PoolSpec {
        backends = List.copyOf(backends);
        Set<String> ids = new HashSet<>();
        for (BackendSpec backend : backends) {
            if (!ids.add(backend.id())) {
                throw new IllegalArgumentException("pool " + name + " has two backends with the id " + backend.id());
            }
        }
    }

    /** With {@link RetryPolicy#DEFAULT}, a strategy that is told nothing special, and no cookie. */
    public PoolSpec(
            String name,
            String strategy,
            List<BackendSpec> backends,
            boolean probed,
            Health.Thresholds thresholds,
            double maxEjected,
            double panicThreshold,
            Duration slowStart,
            Duration drainTimeout) {
        this(
                name,
                strategy,
                StrategyRules.DEFAULT,
                AffinityRule.OFF,
                backends,
                probed,
                thresholds,
                maxEjected,
                panicThreshold,
                slowStart,
                drainTimeout,
                RetryPolicy.DEFAULT);
    }

    /** Whether both say the same but of their backends' states. */
    public boolean readsLike(PoolSpec other) {
        return withBackends(List.of()).equals(other.withBackends(List.of()))
                && backends.size() == other.backends.size()
                && IntStream.range(0, backends.size())
                        .allMatch(i -> backends.get(i).readsLike(other.backends.get(i)));
    }

    /** The same with other backends. */
    public PoolSpec withBackends(List<BackendSpec> others) {
        return new PoolSpec(
                name,
                strategy,
                rules,
                affinity,
                others,
                probed,
                thresholds,
                maxEjected,
                panicThreshold,
                slowStart,
                drainTimeout,
                retry);
    }
}
