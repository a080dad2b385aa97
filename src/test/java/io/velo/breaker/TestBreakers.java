package io.velo.breaker;

import io.velo.backend.BreakerFactory;
import io.velo.breaker.CircuitSettings.RateRule;
import io.velo.pool.PerPool;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import reactor.core.scheduler.Scheduler;

/** Real breakers for tests of other packages. */
public final class TestBreakers {

    /** Three failures in a row open it for ten seconds, then one request at a time is let through. */
    public static final CircuitSettings DEFAULTS = settings(3, 1, RateRule.OFF);

    private TestBreakers() {}

    /** Ten seconds, and 502, 503 and 504 count as failures. */
    public static CircuitSettings settings(int failureThreshold, int trialRequests, RateRule rate) {
        return new CircuitSettings(
                failureThreshold, Duration.ofSeconds(10), trialRequests, Set.of(502, 503, 504), rate);
    }

    /** Breakers for the backends of one pool. */
    public static BreakerFactory factory(String pool, CircuitSettings settings, Scheduler timers) {
        return new BackendBreakers(new PerPool<>("circuit settings", Map.of(pool, settings)), timers);
    }
}
