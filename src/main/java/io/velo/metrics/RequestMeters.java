package io.velo.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.velo.backend.Backend;
import io.velo.backend.MembershipListener;
import io.velo.backend.Outcome;
import io.velo.backend.OutcomeListener;
import io.velo.backend.Reason;
import io.velo.pool.Retry;
import io.velo.route.Lane;
import io.velo.route.RequestEnd;
import io.velo.route.RequestListener;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Times requests, {@code lb.requests}, and their attempts on backends, {@code lb.backend.requests}. */
final class RequestMeters implements RequestListener, OutcomeListener, MembershipListener {

    private static final Duration[] BUCKETS = {
        Duration.ofMillis(1),
        Duration.ofMillis(2),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofMillis(2500),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30)
    };

    private final MeterRegistry registry;
    private final Map<Ending, Timer> requests = new ConcurrentHashMap<>();
    private final Map<Backend, Map<Outcome.Kind, Timer>> attempts = new ConcurrentHashMap<>();
    private final Map<String, Timer> waits = new ConcurrentHashMap<>();
    private final Map<Repeat, Counter> retries = new ConcurrentHashMap<>();

    RequestMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void ended(RequestEnd end) {
        Ending ending = new Ending(end.route(), end.pool(), end.lane(), end.kind(), end.reason());
        Timer timer = requests.get(ending);
        if (timer == null) {
            timer = requests.computeIfAbsent(ending, this::requestTimer);
        }
        timer.record(end.nanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void retried(String pool, Retry.Result result) {
        retries.computeIfAbsent(new Repeat(pool, result), this::retryCounter).increment();
    }

    @Override
    public void ended(Backend backend, Outcome outcome) {
        Map<Outcome.Kind, Timer> ofBackend = attempts.get(backend);
        Timer timer = ofBackend == null ? null : ofBackend.get(outcome.kind());
        if (timer == null) {
            timer = attempts.computeIfAbsent(backend, first -> new ConcurrentHashMap<>())
                    .computeIfAbsent(outcome.kind(), kind -> attemptTimer(backend, kind));
        }
        timer.record(outcome.nanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void waited(String pool, long nanos) {
        waits.computeIfAbsent(pool, this::waitTimer).record(nanos, TimeUnit.NANOSECONDS);
    }

    private Timer waitTimer(String pool) {
        return Timer.builder("lb.queue.wait")
                .description("Waits of requests for a backend with room, in vain or not")
                .tag("pool", pool)
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
    }

    @Override
    public void gone(Backend backend) {
        attempts.remove(backend);
    }

    private Timer requestTimer(Ending ending) {
        return Timer.builder("lb.requests")
                .description("Requests of clients, from the arrival of the head to the end of the answer")
                .tag("pool", ending.pool)
                .tag("route", ending.route)
                .tag("lane", ending.lane.word())
                .tag("outcome", ending.kind.word())
                .tag("reason", ending.reason.map(Reason::word).orElse("none"))
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
    }

    private Timer attemptTimer(Backend backend, Outcome.Kind kind) {
        return Timer.builder("lb.backend.requests")
                .description("Requests to a backend, from its choice to the end of the answer")
                .tag("pool", backend.pool())
                .tag("backend", backend.id())
                .tag("outcome", kind.word())
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
    }

    private Counter retryCounter(Repeat repeat) {
        return Counter.builder("lb.retries")
                .description("Attempts that failed and were or were not repeated")
                .tag("pool", repeat.pool)
                .tag("result", repeat.result.word())
                .register(registry);
    }

    private record Repeat(String pool, Retry.Result result) {}

    private record Ending(String route, String pool, Lane lane, Outcome.Kind kind, Optional<Reason> reason) {}
}
