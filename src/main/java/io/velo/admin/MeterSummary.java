package io.velo.admin;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.velo.backend.Backend;
import io.velo.backend.Outcome;
import io.velo.pool.Pool;
import io.velo.pool.Pools;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;

/** The meters in the words of the first Velo, pool by pool. The figures are read from the meters; there is no second copy. */
final class MeterSummary {

    private final Pools pools;
    private final MeterRegistry registry;

    MeterSummary(Pools pools, MeterRegistry registry) {
        this.pools = pools;
        this.registry = registry;
    }

    Map<String, PoolFigures> read() {
        Map<String, PoolFigures> figures = new LinkedHashMap<>();
        pools.all().forEach(pool -> figures.put(pool.name(), figures(pool)));
        return figures;
    }

    private PoolFigures figures(Pool pool) {
        Map<String, BackendFigures> backends = new LinkedHashMap<>();
        pool.backends().forEach(backend -> backends.put(backend.id(), figures(backend)));
        return new PoolFigures(
                count("lb.requests", timer -> isOf(timer, pool)),
                count("lb.requests", timer -> isOf(timer, pool) && failed(timer)),
                pool.backends().stream().mapToInt(Backend::inFlight).sum(),
                backends);
    }

    private BackendFigures figures(Backend backend) {
        return new BackendFigures(
                backend.state().word(),
                count("lb.backend.requests", timer -> isOf(timer, backend)),
                count("lb.backend.requests", timer -> isOf(timer, backend) && failed(timer)),
                backend.inFlight());
    }

    private long count(String name, Predicate<Timer> which) {
        return registry.find(name).timers().stream()
                .filter(which)
                .mapToLong(Timer::count)
                .sum();
    }

    private static boolean isOf(Timer timer, Pool pool) {
        return pool.name().equals(timer.getId().getTag("pool"));
    }

    private static boolean isOf(Timer timer, Backend backend) {
        return backend.pool().equals(timer.getId().getTag("pool"))
                && backend.id().equals(timer.getId().getTag("backend"));
    }

    private static boolean failed(Timer timer) {
        String outcome = timer.getId().getTag("outcome");
        return Outcome.Kind.FAILED.word().equals(outcome)
                || Outcome.Kind.SERVER_ERROR.word().equals(outcome);
    }

    /** One pool. */
    record PoolFigures(
            @JsonProperty("total_requests") long totalRequests,
            @JsonProperty("failed_requests") long failedRequests,
            @JsonProperty("active_connections") int activeConnections,
            Map<String, BackendFigures> backends) {}

    /** One backend. */
    record BackendFigures(
            String state,
            @JsonProperty("total_requests") long totalRequests,
            @JsonProperty("failed_requests") long failedRequests,
            @JsonProperty("active_connections") int activeConnections) {}
}
