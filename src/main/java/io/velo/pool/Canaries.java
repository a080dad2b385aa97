package io.velo.pool;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The canaries of all pools. A look-up is O(1) and lock-free, and next to nothing if there are none. */
public final class Canaries {

    private final CanaryWiring wiring;
    private volatile Map<String, Canary> byPool = Map.of();

    public Canaries(CanaryWiring wiring) {
        this.wiring = wiring;
    }

    /** That of a pool, if it has one. */
    public Optional<Canary> of(String pool) {
        Map<String, Canary> now = byPool;
        return now.isEmpty() ? Optional.empty() : Optional.ofNullable(now.get(pool));
    }

    /** All of them. */
    public Collection<Canary> all() {
        return byPool.values();
    }

    /** Puts other plans in force, by pool. A canary whose plan is the same goes on, stepped back or not. Not for two threads at once. */
    public void swap(Map<String, CanaryPlan> plans) {
        Map<String, Canary> before = byPool;
        Map<String, Canary> next = new HashMap<>();
        plans.forEach((pool, plan) -> {
            Canary known = before.get(pool);
            boolean same = known != null && known.plan().equals(plan);
            next.put(pool, same ? known : new Canary(pool, plan, wiring));
        });
        byPool = Map.copyOf(next);
    }
}
