package io.velo.pool;

import io.velo.backend.Backend;
import io.velo.backend.BackendState;
import io.velo.backend.Circuit;
import java.util.List;

/**
 * The cap on ejections, as in Envoy's outlier detection: at most a part of the pool but at least one backend, and never the
 * last eligible one. A cap of 1 is none.
 */
final class EjectionCap {

    /** Shares such as 0.29 of 100 come out a hair below the whole number. */
    private static final double ROUNDING = 1e-9;

    private final double share;
    private final List<Backend> backends;

    EjectionCap(double share, List<Backend> backends) {
        this.share = share;
        this.backends = backends;
    }

    /** Whether this backend, which has failed too often, may be ejected. */
    boolean allows(Backend backend) {
        if (share >= 1) {
            return true;
        }
        long out = backends.stream()
                .filter(other -> other.standing().condition().circuit() != Circuit.CLOSED)
                .count();
        long most = share == 0 ? 0 : Math.max(1, (long) (share * backends.size() + ROUNDING));
        boolean othersEligible = backends.stream().anyMatch(other -> other != backend && takesItsShare(other));
        return out < most && othersEligible;
    }

    private static boolean takesItsShare(Backend backend) {
        BackendState state = backend.state();
        return state.eligible() && state != BackendState.TRIAL && backend.spec().weight() > 0;
    }
}
