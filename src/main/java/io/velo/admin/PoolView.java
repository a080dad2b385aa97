package io.velo.admin;

import io.velo.backend.Backend;
import io.velo.backend.BackendSpec.Source;
import io.velo.backend.Breaker;
import io.velo.backend.Condition;
import io.velo.backend.Counted;
import io.velo.backend.ProbeResult;
import io.velo.backend.Readiness;
import io.velo.backend.Why;
import io.velo.change.Searches.Status;
import io.velo.pool.Pool;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A pool as the endpoints show it.
 *
 * @param eligible how many backends may get requests
 * @param panic whether health is ignored
 * @param leaving backends that were removed and still hold requests
 * @param canary the share of its clients that goes to another pool; null if there is none
 * @param discovery where its backends are looked for, and what comes of it; empty if all are listed
 * @param mirror the pool that gets copies of its requests; null if there is none
 */
record PoolView(
        String name,
        String strategy,
        int eligible,
        boolean panic,
        List<BackendView> backends,
        List<BackendView> leaving,
        Optional<CanaryView> canary,
        Optional<MirrorView> mirror,
        List<Status> discovery) {

    static PoolView of(Pool pool, Optional<CanaryView> canary, Optional<MirrorView> mirror, List<Status> discovery) {
        return new PoolView(
                pool.name(),
                pool.spec().strategy(),
                pool.eligible(),
                pool.panic(),
                pool.backends().stream().map(BackendView::of).toList(),
                pool.leaving().stream().map(BackendView::ofLeaving).toList(),
                canary,
                mirror,
                discovery);
    }

    /**
     * A backend.
     *
     * @param reason what brought the state about
     * @param since when it was entered
     * @param priority 0 for the best; the next one serves when too few of this one are eligible
     * @param source who named it or changed it last: {@code config}, {@code discovery}, or {@code admin} for an operator
     * @param why all that bears on it, in a few sentences
     * @param lastProbe how the latest probe ended
     * @param draining whether an operator, or its removal, takes it out of service
     * @param breaker where its breaker stands, and by what
     * @param ejection the latest ejection, until it is readmitted
     */
    record BackendView(
            String id,
            URI url,
            String state,
            String reason,
            Instant since,
            String why,
            boolean draining,
            int inFlight,
            int weight,
            int maxInFlight,
            String zone,
            int priority,
            String source,
            Optional<ProbeView> lastProbe,
            BreakerView breaker,
            Optional<EjectionView> ejection) {

        /** One that belongs to its pool, so that it drains by an operator's wish, or because it is about to end. */
        static BackendView of(Backend backend) {
            Condition condition = backend.standing().condition();
            boolean byOperator = condition.draining() && condition.readiness() != Readiness.LEAVING;
            return of(backend, byOperator ? Source.ADMIN : backend.spec().source());
        }

        static BackendView ofLeaving(Backend backend) {
            return of(backend, backend.spec().source());
        }

        private static BackendView of(Backend backend, Source source) {
            Why why = Why.of(backend);
            return new BackendView(
                    backend.id(),
                    backend.spec().uri(),
                    why.state().word(),
                    why.cause(),
                    why.since(),
                    why.sentence(),
                    backend.standing().condition().draining(),
                    backend.inFlight(),
                    backend.spec().weight(),
                    backend.spec().maxInFlight(),
                    backend.spec().zone(),
                    backend.spec().priority(),
                    source.word(),
                    why.probe().map(ProbeView::of),
                    BreakerView.of(why),
                    why.ejection().map(EjectionView::of));
        }
    }

    record ProbeView(boolean passed, OptionalInt status, String detail, long latencyMillis, Instant at) {
        static ProbeView of(ProbeResult probe) {
            return new ProbeView(
                    probe.passed(),
                    probe.status(),
                    probe.detail(),
                    probe.latency().toMillis(),
                    probe.at());
        }
    }

    /** A breaker's position and figures, see {@link Counted.Figures}. */
    record BreakerView(String position, int failuresInARow, int threshold, int requests, int failed, int slow) {
        static BreakerView of(Why why) {
            Counted.Figures figures = why.figures();
            return new BreakerView(
                    why.circuit().words(),
                    figures.failuresInARow(),
                    figures.threshold(),
                    figures.requests(),
                    figures.failed(),
                    figures.slow());
        }
    }

    record EjectionView(int inARow, long timeMillis, String cause) {
        static EjectionView of(Breaker.Ejection ejection) {
            return new EjectionView(ejection.inARow(), ejection.time().toMillis(), ejection.cause());
        }
    }
}
