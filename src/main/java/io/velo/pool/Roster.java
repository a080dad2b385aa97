package io.velo.pool;

import io.velo.backend.Backend;
import io.velo.strategy.Strategy;
import java.util.List;

/**
 * Who belongs to a pool and how it chooses: one value, so that readers see what belongs together. Immutable.
 *
 * @param backends in the order of the configuration
 * @param leaving backends that were removed and still hold requests
 * @param http11 whether all of them speak HTTP/1.1
 * @param affinity which client wants which of all of them
 */
record Roster(
        PoolSpec spec,
        Strategy strategy,
        List<Backend> backends,
        List<Backend> leaving,
        EjectionCap ejectionCap,
        boolean http11,
        Affinity affinity) {

    Roster {
        backends = List.copyOf(backends);
        leaving = List.copyOf(leaving);
    }

    static Roster of(PoolSpec spec, Strategy strategy, List<Backend> backends, List<Backend> leaving) {
        return new Roster(
                spec,
                strategy,
                backends,
                leaving,
                new EjectionCap(spec.maxEjected(), backends),
                backends.stream().allMatch(backend -> backend.spec().http11()),
                Affinity.of(spec.affinity(), backends, leaving));
    }

    Roster without(Backend gone) {
        List<Backend> left = leaving.stream().filter(backend -> backend != gone).toList();
        return new Roster(spec, strategy, backends, left, ejectionCap, http11, affinity);
    }
}
