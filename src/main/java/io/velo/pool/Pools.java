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

    private final Map<String, Pool> byName;

    public Pools(List<Pool> pools) {
        Map<String, Pool> map = new LinkedHashMap<>();
        pools.forEach(pool -> map.put(pool.name(), pool));
        this.byName = Collections.unmodifiableMap(map);
    }

    /** The pool of that name. */
    public Optional<Pool> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** All pools in the order of the configuration. */
    public Collection<Pool> all() {
        return byName.values();
    }
}
