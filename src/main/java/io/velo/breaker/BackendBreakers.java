package io.velo.breaker;

import static io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowSynchronizationStrategy.SYNCHRONIZED;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.velo.backend.Backend;
import io.velo.backend.Breaker;
import io.velo.backend.BreakerFactory;
import io.velo.backend.MembershipListener;
import io.velo.pool.PerPool;
import java.time.Duration;
import reactor.core.scheduler.Scheduler;

/**
 * Makes breakers, one per {@code pool/backend}. Failures in a row are a window of that many requests of which all failed;
 * with a rate rule, the window is the rule's.
 */
final class BackendBreakers implements BreakerFactory, MembershipListener {

    private static final Duration NEVER_SLOW = Duration.ofDays(365);

    private final CircuitBreakerRegistry registry = CircuitBreakerRegistry.ofDefaults();
    private final PerPool<CircuitSettings> settingsByPool;
    private final Scheduler timers;

    /**
     * @param timers ends ejections; its clock is the one that counts
     */
    BackendBreakers(PerPool<CircuitSettings> settingsByPool, Scheduler timers) {
        this.settingsByPool = settingsByPool;
        this.timers = timers;
    }

    @Override
    public Breaker create(String pool, String backend) {
        return new BackendBreaker(
                () -> settingsByPool.of(pool), settings -> counting(pool + "/" + backend, settings), timers);
    }

    /** A new one in place of an older one of the name. */
    private CircuitBreaker counting(String name, CircuitSettings settings) {
        registry.remove(name);
        return registry.circuitBreaker(name, config(settings));
    }

    /** The name may stand for another backend by now, whose breaker stays. */
    @Override
    public void gone(Backend backend) {
        String name = backend.pool() + "/" + backend.id();
        registry.find(name)
                .filter(counting -> backend.breaker() instanceof BackendBreaker own && own.countsBy(counting))
                .ifPresent(counting -> registry.remove(name));
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
