package io.velo.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.velo.backend.Backend;
import io.velo.backend.BackendState;
import io.velo.pool.Pool;
import io.velo.pool.Pools;

/** What pools and backends are like at the moment of asking. */
final class PoolGauges implements MeterBinder {

    private final Pools pools;

    PoolGauges(Pools pools) {
        this.pools = pools;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        for (Pool pool : pools.all()) {
            bind(pool, registry);
            pool.backends().forEach(backend -> bind(backend, registry));
        }
    }

    private static void bind(Pool pool, MeterRegistry registry) {
        Gauge.builder("lb.pool.eligible", pool, Pool::eligible)
                .description("Backends that may get requests")
                .tag("pool", pool.name())
                .register(registry);
        Gauge.builder("lb.pool.panic", pool, each -> each.panic() ? 1 : 0)
                .description("1 while health is ignored, because too few backends are eligible")
                .tag("pool", pool.name())
                .register(registry);
    }

    private static void bind(Backend backend, MeterRegistry registry) {
        Gauge.builder("lb.backend.in.flight", backend, Backend::inFlight)
                .description("Requests that hold a backend, bodies included")
                .tag("pool", backend.pool())
                .tag("backend", backend.id())
                .register(registry);
        Gauge.builder("lb.backend.weight", backend, each -> each.spec().weight())
                .description("Configured weight of a backend")
                .tag("pool", backend.pool())
                .tag("backend", backend.id())
                .register(registry);
        for (BackendState state : BackendState.values()) {
            Gauge.builder("lb.backend.state", backend, each -> each.state() == state ? 1 : 0)
                    .description("1 for the state that a backend is in")
                    .tag("pool", backend.pool())
                    .tag("backend", backend.id())
                    .tag("state", state.word())
                    .register(registry);
        }
    }
}
