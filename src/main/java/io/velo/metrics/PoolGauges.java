package io.velo.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.velo.backend.Backend;
import io.velo.backend.BackendState;
import io.velo.backend.MembershipListener;
import io.velo.pool.Pool;
import io.velo.pool.Pools;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What pools and backends are like at the moment of asking. The gauges of what is gone go, too. */
final class PoolGauges implements MeterBinder, MembershipListener {

    private final Pools pools;
    private final Map<Object, List<Meter>> bound = new HashMap<>(); // by pool or backend
    private @Nullable MeterRegistry registry;

    PoolGauges(Pools pools) {
        this.pools = pools;
    }

    @Override
    public synchronized void bindTo(MeterRegistry to) {
        registry = to;
        adjust(to);
    }

    @Override
    public synchronized void changed() {
        MeterRegistry known = registry;
        if (known != null) {
            adjust(known);
        }
    }

    @Override
    public synchronized void gone(Backend backend) {
        changed();
    }

    /** First away with the old ones, whose names may be those of new ones. */
    private void adjust(MeterRegistry to) {
        Set<Object> wanted = wanted();
        bound.entrySet().removeIf(each -> {
            boolean over = !wanted.contains(each.getKey());
            if (over) {
                each.getValue().forEach(to::remove);
            }
            return over;
        });
        wanted.stream()
                .filter(each -> !bound.containsKey(each))
                .forEach(each -> bound.put(
                        each, each instanceof Backend backend ? gaugesOf(backend, to) : gaugesOf((Pool) each, to)));
    }

    /** A backend on its way out keeps its gauges unless another one has its name. */
    private Set<Object> wanted() {
        Set<Object> wanted = new HashSet<>();
        pools.leaving().forEach(pool -> wanted.addAll(pool.leaving()));
        for (Pool pool : pools.all()) {
            Map<String, Backend> byId = new HashMap<>();
            Stream.concat(pool.leaving().stream(), pool.backends().stream())
                    .forEach(backend -> byId.put(backend.id(), backend));
            wanted.add(pool);
            wanted.addAll(byId.values());
        }
        return wanted;
    }

    private static List<Meter> gaugesOf(Pool pool, MeterRegistry registry) {
        return List.of(
                Gauge.builder("lb.queue.depth", pool, each -> each.line().length())
                        .description("Requests that wait for a backend with room, or for a connection to a backend")
                        .tag("pool", pool.name())
                        .tag("backend", "any")
                        .register(registry),
                Gauge.builder("lb.pool.eligible", pool, Pool::eligible)
                        .description("Backends that may get requests")
                        .tag("pool", pool.name())
                        .register(registry),
                Gauge.builder("lb.pool.panic", pool, each -> each.panic() ? 1 : 0)
                        .description("1 while health is ignored, because too few backends are eligible")
                        .tag("pool", pool.name())
                        .register(registry));
    }

    private static List<Meter> gaugesOf(Backend backend, MeterRegistry registry) {
        List<Meter> gauges = new ArrayList<>();
        gauges.add(Gauge.builder("lb.backend.in.flight", backend, Backend::inFlight)
                .description("Requests that hold a backend, bodies included")
                .tag("pool", backend.pool())
                .tag("backend", backend.id())
                .register(registry));
        gauges.add(
                Gauge.builder("lb.backend.weight", backend, each -> each.spec().weight())
                        .description("Configured weight of a backend")
                        .tag("pool", backend.pool())
                        .tag("backend", backend.id())
                        .register(registry));
        gauges.add(Gauge.builder("lb.backend.limit", backend, PoolGauges::limit)
                .description("Most requests at once that a backend may have, as configured or learnt; 0 for no limit")
                .tag("pool", backend.pool())
                .tag("backend", backend.id())
                .register(registry));
        for (BackendState state : BackendState.values()) {
            gauges.add(Gauge.builder("lb.backend.state", backend, each -> each.state() == state ? 1 : 0)
                    .description("1 for the state that a backend is in")
                    .tag("pool", backend.pool())
                    .tag("backend", backend.id())
                    .tag("state", state.word())
                    .register(registry));
        }
        return gauges;
    }

    private static int limit(Backend backend) {
        int most = backend.mostInFlight();
        return most == Integer.MAX_VALUE ? 0 : most;
    }
}
