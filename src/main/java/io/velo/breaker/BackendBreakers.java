package io.velo.breaker;

import static io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowSynchronizationStrategy.SYNCHRONIZED;

import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.velo.backend.Breaker;
import io.velo.backend.BreakerFactory;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import reactor.core.scheduler.Scheduler;

/**
 * Makes breakers, one per {@code pool/backend}. Failures in a row are a window of that many requests of which all failed;
 * with a rate rule, the window is the rule's.
 */
final class BackendBreakers implements BreakerFactory {

    private static final Duration NEVER_SLOW = Duration.ofDays(365);

    private final CircuitBreakerRegistry registry = CircuitBreakerRegistry.ofDefaults();
    private final Map<String, CircuitSettings> settingsByPool;
    private final Scheduler timers;

    /**
     * @param timers ends ejections; its clock is the one that counts
     */
    BackendBreakers(Map<String, CircuitSettings> settingsByPool, Scheduler timers) {
        this.settingsByPool = Map.copyOf(settingsByPool);
        this.timers = timers;
    }

    @Override
    public Breaker create(String pool, String backend) {
        CircuitSettings settings =
                Objects.requireNonNull(settingsByPool.get(pool), () -> "no circuit settings: " + pool);
        return new BackendBreaker(registry.circuitBreaker(pool + "/" + backend, config(settings)), settings, timers);
    }

    private static CircuitBreakerConfig config(CircuitSettings settings) {
        CircuitSettings.RateRule rate = settings.rate();
        int window = rate.on() ? rate.window() : settings.failureThreshold();
        float percent = rate.on() ? (float) (rate.failureRate() * 100) : 100;
        return CircuitBreakerConfig.custom()
                .slidingWindow(window, window, SlidingWindowType.COUNT_BASED, SYNCHRONIZED)
                .failureRateThreshold(percent)
                .slowCallRateThreshold(percent)
                .slowCallDurationThreshold(rate.slowCall().isZero() ? NEVER_SLOW : rate.slowCall())
                .permittedNumberOfCallsInHalfOpenState(settings.trialRequests())
                .waitDurationInOpenState(CircuitSettings.LONGEST.multipliedBy(1000)) // Velo's own timer ends it
                .build();
    }
}
