package io.velo.admin;

import io.velo.backend.Backend;
import io.velo.backend.BackendSpec.Source;
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
 * @param leaving backends that were removed and still hold requests
 */
record PoolView(
        String name,
        String strategy,
        int eligible,
        boolean panic,
        List<BackendView> backends,
        List<BackendView> leaving) {

    static PoolView of(Pool pool) {
        return new PoolView(
                pool.name(),
                pool.spec().strategy(),
                pool.eligible(),
                pool.panic(),
                pool.backends().stream().map(BackendView::of).toList(),
                pool.leaving().stream().map(BackendView::ofLeaving).toList());
    }

    /**
     * A backend.
     *
     * @param reason what brought the state about
     * @param since when it was entered
     * @param source who named it or changed it last: {@code config}, or {@code admin} for an operator
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
            int maxInFlight,
            String zone,
            String source,
            Optional<ProbeView> lastProbe,
            Optional<EjectionView> ejection) {

        /** One that belongs to its pool, so that only an operator can have it drain. */
        static BackendView of(Backend backend) {
            boolean drains = backend.standing().condition().draining();
            return of(backend, drains ? Source.ADMIN : backend.spec().source());
        }

        static BackendView ofLeaving(Backend backend) {
            return of(backend, backend.spec().source());
        }

        private static BackendView of(Backend backend, Source source) {
            var standing = backend.standing();
            return new BackendView(
                    backend.id(),
                    backend.spec().uri(),
                    standing.state().word(),
                    standing.cause(),
                    standing.since(),
                    backend.inFlight(),
                    backend.spec().weight(),
                    backend.spec().maxInFlight(),
                    backend.spec().zone(),
                    source.word(),
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
