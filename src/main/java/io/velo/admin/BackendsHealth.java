package io.velo.admin;

import io.velo.backend.Backend;
import io.velo.pool.Pool;
import io.velo.pool.Pools;
import io.velo.route.Routes;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * Up if each pool that a route leads to has had its first round of probes and has an eligible backend. Pools that no route
 * leads to are shown and don't count.
 */
final class BackendsHealth implements HealthIndicator {

    private final Pools pools;
    private final Routes routes;

    BackendsHealth(Pools pools, Routes routes) {
        this.pools = pools;
        this.routes = routes;
    }

    @Override
    public Health health() {
        Set<String> routed = routes.table().pools();
        boolean ready = !routes.table().routes().isEmpty()
                && pools.all().stream()
                        .filter(pool -> routed.contains(pool.name()))
                        .allMatch(BackendsHealth::ready);
        Health.Builder health = ready ? Health.up() : Health.down();
        pools.all().forEach(pool -> health.withDetail(pool.name(), details(pool, routed.contains(pool.name()))));
        return health.build();
    }

    private static boolean ready(Pool pool) {
        return pool.settled() && (pool.eligible() > 0 || pool.panic());
    }

    private static Map<String, Object> details(Pool pool, boolean routed) {
        Map<String, String> states = new LinkedHashMap<>();
        for (Backend backend : pool.backends()) {
            states.put(
                    backend.id(),
                    backend.state().word() + ": " + backend.standing().cause());
        }
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("eligible", pool.eligible());
        details.put("routed", routed);
        details.put("probed", pool.settled());
        details.put("backends", states);
        return details;
    }
}
