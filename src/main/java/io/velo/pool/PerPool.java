package io.velo.pool;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A setting of each pool, as the configuration in force has it. A look-up is O(1) and lock-free. What a pool that was removed
 * had stays, for the requests that it still serves.
 */
public final class PerPool<T> {

    private final String what;
    private volatile Map<String, T> byPool;

    /**
     * @param what what is set, for people
     */
    public PerPool(String what, Map<String, T> byPool) {
        this.what = what;
        this.byPool = Map.copyOf(byPool);
    }

    /** That of one pool. The same object as before as long as it says the same. */
    public T of(String pool) {
        return Objects.requireNonNull(byPool.get(pool), () -> "no " + what + ": " + pool);
    }

    /** The same; empty if there never was such a pool. */
    public Optional<T> find(String pool) {
        return Optional.ofNullable(byPool.get(pool));
    }

    /** Puts other settings in force. Not for two threads at once. */
    public void swap(Map<String, T> next) {
        Map<String, T> merged = new HashMap<>(byPool);
        next.forEach((pool, value) -> merged.merge(pool, value, (old, now) -> old.equals(now) ? old : now));
        byPool = Map.copyOf(merged);
    }
}
