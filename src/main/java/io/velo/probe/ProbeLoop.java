package io.velo.probe;

import io.velo.backend.Backend;
import io.velo.backend.Health;
import io.velo.backend.ProbeResult;
import java.time.Duration;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** The endless sequence of one backend's probes: the next is planned only when the last has ended. */
final class ProbeLoop {

    private final Backend backend;
    private final ProbeSettings settings;
    private final Function<Backend, Mono<ProbeResult>> probe;
    private final Scheduler timers;
    private final DoubleSupplier random;

    /**
     * @param probe sends one probe; must end within the timeout and never with an error
     * @param random gives numbers from 0 to 1
     */
    ProbeLoop(
            Backend backend,
            ProbeSettings settings,
            Function<Backend, Mono<ProbeResult>> probe,
            Scheduler timers,
            DoubleSupplier random) {
        this.backend = backend;
        this.settings = settings;
        this.probe = probe;
        this.timers = timers;
        this.random = random;
    }

    /** Probes until cancelled, the first one after {@code delay}. */
    Flux<ProbeResult> results(Duration delay) {
        return Mono.delay(delay, timers)
                .flatMap(started -> probe.apply(backend))
                .expand(last -> Mono.delay(pauseAfter(last), timers).flatMap(due -> probe.apply(backend)));
    }

    private Duration pauseAfter(ProbeResult last) {
        Health health = backend.standing().condition().health();
        Duration interval = health.streak() > 0 ? settings.fastInterval() : settings.interval();
        double spread = 1 + settings.jitter() * (2 * random.getAsDouble() - 1);
        long pause = (long) (interval.toNanos() * spread) - last.latency().toNanos();
        return Duration.ofNanos(Math.max(0, pause));
    }
}
