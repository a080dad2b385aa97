package io.velo.dashboard;

import io.velo.change.Searches;
import io.velo.change.Searches.Status;
import io.velo.pool.Canaries;
import io.velo.pool.Canary;
import io.velo.pool.CanaryFigures;
import io.velo.pool.StepBack;
import io.velo.wire.Mirror;
import io.velo.wire.Mirrors;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a pool has beside its backends.
 *
 * @param canary the share of its clients that goes to another pool; null if there is none
 * @param mirror the pool that gets copies of its requests; null if there is none
 * @param discovery where its backends are looked for, and what comes of it; empty if all are listed
 */
record Beside(Optional<CanaryRow> canary, Optional<MirrorRow> mirror, List<Status> discovery) {

    /**
     * A canary.
     *
     * @param pool name of the pool that gets the share
     * @param percent the share now; 0 after it has stepped back
     * @param inCanary what its guard has counted of requests that went there
     * @param inPool the same of those that could have gone there and didn't
     * @param steppedBack how it came to step back; null if it didn't
     */
    record CanaryRow(
            String pool,
            double percent,
            CanaryFigures inCanary,
            CanaryFigures inPool,
            Optional<StepBackRow> steppedBack) {

        static CanaryRow of(Canary canary) {
            return new CanaryRow(
                    canary.plan().pool(),
                    canary.percent(),
                    canary.canaryFigures(),
                    canary.baselineFigures(),
                    canary.steppedBack().map(StepBackRow::of));
        }
    }

    /** When a canary stepped back, from which share, and why. */
    record StepBackRow(Instant at, double percent, String cause) {
        static StepBackRow of(StepBack stepBack) {
            return new StepBackRow(stepBack.at(), stepBack.percent(), stepBack.cause());
        }
    }

    /**
     * A mirror.
     *
     * @param pool name of the pool that gets the copies
     * @param percent share of the requests that are copied
     * @param inFlight copies on their way
     */
    record MirrorRow(String pool, double percent, int inFlight, int maxInFlight) {
        static MirrorRow of(Mirror mirror) {
            return new MirrorRow(
                    mirror.settings().pool(),
                    mirror.settings().percent(),
                    mirror.inFlight(),
                    mirror.settings().maxInFlight());
        }
    }

    /** Those who know. */
    record Sources(Canaries canaries, Mirrors mirrors, Searches searches) {

        /** What the pool of this name has. */
        Beside of(String pool) {
            return new Beside(
                    canaries.of(pool).map(CanaryRow::of), mirrors.of(pool).map(MirrorRow::of), searches.of(pool));
        }
    }
}
