package io.velo.pool;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All pools by name. Reads one immutable map, so a lookup is O(1) and lock-free. */
public final class Pools {

    /** The pool of a gateway without routes. */
    public static final String DEFAULT = "default";

    private volatile Map<String, Pool> byName;
    private volatile List<Pool> leaving = List.of();

    public Pools(List<Pool> pools) {
        this.byName = byName(pools);
    }

    private static Map<String, Pool> byName(Collection<Pool> pools) {
        Map<String, Pool> map = new LinkedHashMap<>();
        pools.forEach(pool -> map.put(pool.name(), pool));
        return Collections.unmodifiableMap(map);
    }

    /** The pool of that name. */
    public Optional<Pool> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** All pools in the order of the configuration. */
    public Collection<Pool> all() {
        return byName.values();
    }

    /** Pools that were removed and whose backends still hold requests. */
    public List<Pool> leaving() {
        return leaving;
    }

    /**
     * Puts other pools in force. Not for two threads at once.
     *
     * @param removed pools that only serve what they have begun
     */
    public void swap(Collection<Pool> pools, Collection<Pool> removed) {
        leaving = List.copyOf(removed);
        byName = byName(pools);
    }
}
