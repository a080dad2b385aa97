package io.velo.wire;

import io.velo.pool.Pool;
import io.velo.pool.Pools;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;

/** The mirrors of all pools. A look-up is O(1) and lock-free, and next to nothing if there are none. */
public final class Mirrors {

    private final Supplier<Pools> pools;
    private final IntUnaryOperator randomBelow;
    private final Supplier<List<MirrorListener>> listeners;
    private volatile Map<String, Mirror> byPool = Map.of();

    /**
     * @param pools where the pools for copies are; asked when there is something to copy
     * @param randomBelow gives a random number from 0 to its argument, exclusive
     * @param listeners gives those who are told what becomes of copies
     */
    public Mirrors(Supplier<Pools> pools, IntUnaryOperator randomBelow, Supplier<List<MirrorListener>> listeners) {
        this.pools = pools;
        this.randomBelow = randomBelow;
        this.listeners = listeners;
    }

    /** Whether there are any. */
    boolean any() {
        return !byPool.isEmpty();
    }

    /** That of a pool, if it has one. */
    public Optional<Mirror> of(String pool) {
        Map<String, Mirror> now = byPool;
        return now.isEmpty() ? Optional.empty() : Optional.ofNullable(now.get(pool));
    }

    /** All of them. */
    public Collection<Mirror> all() {
        return byPool.values();
    }

    /** The pool for a mirror's copies. */
    Optional<Pool> target(Mirror mirror) {
        return pools.get().find(mirror.settings().pool());
    }

    /** Puts other settings in force, by pool. Not for two threads at once. */
    public void swap(Map<String, MirrorSettings> settings) {
        Map<String, Mirror> before = byPool;
        Map<String, Mirror> next = new HashMap<>();
        settings.forEach((pool, each) -> {
            Mirror known = before.get(pool);
            boolean same = known != null && known.settings().equals(each);
            next.put(pool, same ? known : new Mirror(pool, each, randomBelow, listeners));
        });
        byPool = Map.copyOf(next);
    }
}
