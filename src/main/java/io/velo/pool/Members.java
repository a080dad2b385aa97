package io.velo.pool;

import io.velo.backend.Backend;
import io.velo.backend.BackendSpec;
import io.velo.backend.Circuit;
import io.velo.backend.Condition;
import io.velo.backend.Health;
import io.velo.backend.Readiness;
import io.velo.backend.Standing;
import io.velo.strategy.Strategy;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Brings a pool from one specification to the next. A backend of the same id and address stays the same object, with all that
 * is known of it; one that is not named any more drains and goes. Called under the pool's lock.
 */
final class Members {

    private final Standings standings;
    private final Drains drains;
    private final PoolWiring wiring;

    Members(Standings standings, Drains drains, PoolWiring wiring) {
        this.standings = standings;
        this.drains = drains;
        this.wiring = wiring;
    }

    /** The first backends of a pool: all begin alike. */
    void begin() {
        Roster empty = standings.roster();
        List<Backend> backends = empty.spec().backends().stream()
                .map(each -> newBackend(empty.spec(), each, "started", false))
                .toList();
        standings.enrol(Roster.of(empty.spec(), empty.strategy(), backends, List.of()));
        standings.publish();
    }

    /**
     * @param strategy makes the strategy, should it be another one
     */
    void become(PoolSpec next, Supplier<Strategy> strategy) {
        Roster before = standings.roster();
        boolean another = !next.strategy().equals(before.spec().strategy())
                || !next.rules().equals(before.spec().rules());
        standings.enrol(nextRoster(before, next, another ? strategy.get() : before.strategy()));
        Set<Backend> staying = Set.copyOf(standings.roster().backends());
        standings.withoutPublishing(() -> {
            before.leaving().stream().filter(staying::contains).forEach(back -> drains.cancel(back, "named again"));
            standings.roster().backends().forEach(each -> refresh(each, before.spec()));
        });
        if (another) {
            standings.publishAnew();
        } else {
            standings.publish();
        }
        standings.withoutPublishing(() -> before.backends().stream()
                .filter(Predicate.not(staying::contains))
                .forEach(each -> drains.begin(each, "removed from the configuration", next.drainTimeout())));
    }

    private Roster nextRoster(Roster before, PoolSpec next, Strategy strategy) {
        Map<Origin, Backend> present = new HashMap<>();
        Stream.concat(before.leaving().stream(), before.backends().stream())
                .forEach(each -> present.put(Origin.of(each.spec()), each));
        boolean running = !before.backends().isEmpty();
        List<Backend> backends = next.backends().stream()
                .map(each -> adopted(each, present).orElseGet(() -> newBackend(next, each, "joined", running)))
                .toList();
        Set<Backend> staying = Set.copyOf(backends);
        List<Backend> leaving = Stream.concat(before.leaving().stream(), before.backends().stream())
                .filter(Predicate.not(staying::contains))
                .toList();
        return Roster.of(next, strategy, backends, leaving);
    }

    /** The backend that there is already, perhaps still on its way out. */
    private static Optional<Backend> adopted(BackendSpec spec, Map<Origin, Backend> present) {
        Optional<Backend> known = Optional.ofNullable(present.get(Origin.of(spec)));
        known.ifPresent(backend -> backend.adopt(spec));
        return known;
    }

    private void refresh(Backend backend, PoolSpec before) {
        backend.breaker().refresh();
        backend.concurrency().refresh();
        boolean probed = standings.spec().probed();
        if (probed != before.probed()) {
            standings.change(
                    backend, "probes are off", now -> now.withHealth(probed ? Health.UNKNOWN : Health.ASSUMED));
        }
        Readiness known = backend.standing().condition().readiness();
        if (known != backend.spec().readiness()) {
            heed(backend, known, backend.spec().readiness());
        }
    }

    /** Whoever found it says something else of its state. One that is ready at last warms up. */
    private void heed(Backend backend, Readiness before, Readiness now) {
        if (now == Readiness.LEAVING) {
            drains.begin(backend, now.words(), standings.spec().drainTimeout());
        }
        boolean recovers = before == Readiness.NOT_READY && now == Readiness.READY;
        standings.change(backend, now.words(), condition -> standings.warmIf(recovers, condition.withReadiness(now)));
        if (before == Readiness.LEAVING) {
            drains.cancel(backend, now.words());
        }
    }

    private Backend newBackend(PoolSpec spec, BackendSpec backend, String cause, boolean joins) {
        Readiness readiness = backend.readiness();
        Condition fresh = new Condition(
                readiness == Readiness.LEAVING,
                spec.probed() ? Health.UNKNOWN : Health.ASSUMED,
                Circuit.CLOSED,
                joins && readiness == Readiness.READY && !spec.slowStart().isZero(),
                readiness);
        Standing initial = new Standing(
                fresh, readiness == Readiness.READY ? cause : readiness.words(), standings.now(), standings.nanoTime());
        return new Backend(
                spec.name(),
                backend,
                wiring.breakers().create(spec.name(), backend.id()),
                wiring.concurrency().create(spec.name()),
                initial);
    }

    private record Origin(String id, URI uri) {
        static Origin of(BackendSpec spec) {
            return new Origin(spec.id(), spec.uri());
        }
    }
}
