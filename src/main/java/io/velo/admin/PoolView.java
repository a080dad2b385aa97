package io.velo.admin;

import io.velo.backend.Backend;
import io.velo.backend.Breaker;
import io.velo.backend.ProbeResult;
import io.velo.pool.Pool;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A pool as the endpoints show it.
 *
 * @param eligible how many backends may get requests
 * @param panic whether health is ignored
 */
record PoolView(String name, String strategy, int eligible, boolean panic, List<BackendView> backends) {

    static PoolView of(Pool pool) {
        return new PoolView(
                pool.name(),
                pool.spec().strategy(),
                pool.eligible(),
                pool.panic(),
                pool.backends().stream().map(BackendView::of).toList());
    }

    /**
     * A backend.
     *
     * @param reason what brought the state about
     * @param since when it was entered
     * @param lastProbe how the latest probe ended
     * @param ejection the latest ejection, until it is readmitted
     */
    record BackendView(
            String id,
            URI url,
            String state,
            String reason,
            Instant since,
            int inFlight,
            int weight,
            String zone,
            Optional<ProbeView> lastProbe,
            Optional<EjectionView> ejection) {

        static BackendView of(Backend backend) {
            var standing = backend.standing();
            return new BackendView(
                    backend.id(),
                    backend.spec().uri(),
                    standing.state().word(),
                    standing.cause(),
                    standing.since(),
                    backend.inFlight(),
                    backend.spec().weight(),
                    backend.spec().zone(),
                    backend.lastProbe().map(ProbeView::of),
                    backend.lastEjection().map(EjectionView::of));
        }
    }

    record ProbeView(boolean passed, String detail, long latencyMillis, Instant at) {
        static ProbeView of(ProbeResult probe) {
            return new ProbeView(probe.passed(), probe.detail(), probe.latency().toMillis(), probe.at());
        }
    }

    record EjectionView(int inARow, long timeMillis, String cause) {
        static EjectionView of(Breaker.Ejection ejection) {
            return new EjectionView(ejection.inARow(), ejection.time().toMillis(), ejection.cause());
        }
    }
}
