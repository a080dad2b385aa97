package io.velo.admin;

import io.velo.pool.Canary;
import io.velo.pool.CanaryFigures;
import io.velo.pool.StepBack;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * A pool's canary as the endpoints show it.
 *
 * @param pool name of the pool that gets a share of the clients
 * @param percent the share now; 0 after it has stepped back
 * @param configured the share that the configuration says
 * @param key by what clients are known
 * @param inCanary what its guard has counted in its window of requests that went there
 * @param inPool the same of those that could have gone there and didn't
 * @param steppedBack how it came to step back; null if it didn't
 */
record CanaryView(
        String pool,
        double percent,
        double configured,
        String key,
        CanaryFigures inCanary,
        CanaryFigures inPool,
        Optional<StepBackView> steppedBack) {

    static CanaryView of(Canary canary) {
        String kind = canary.plan().key().kind().name().toLowerCase(Locale.ROOT);
        String header = canary.plan().key().header();
        return new CanaryView(
                canary.plan().pool(),
                canary.percent(),
                canary.plan().percent(),
                header.isEmpty() ? kind : kind + ":" + header,
                canary.canaryFigures(),
                canary.baselineFigures(),
                canary.steppedBack().map(StepBackView::of));
    }

    /** When a canary stepped back, from which share, and why. */
    record StepBackView(Instant at, double percent, String reason) {
        static StepBackView of(StepBack stepBack) {
            return new StepBackView(stepBack.at(), stepBack.percent(), stepBack.cause());
        }
    }
}
