package io.velo.config;

import io.velo.backend.BackendSpec;
import io.velo.pool.PoolSpec;
import java.util.Map;
import java.util.stream.Collectors;

/** What the compiler of routes looks at: which pools there are, and whether the express lane speaks to all of each. */
final class LaneNeeds {

    private LaneNeeds() {}

    /** Whether routes have to be compiled anew. */
    static boolean differ(Map<String, PoolSpec> before, Map<String, PoolSpec> after) {
        return !lanes(before).equals(lanes(after));
    }

    /** Whether a pool that the express lane serves becomes one to which it doesn't speak. */
    static boolean leaveExpress(Map<String, PoolSpec> before, Map<String, PoolSpec> after) {
        Map<String, Boolean> was = lanes(before);
        return lanes(after).entrySet().stream()
                .anyMatch(each -> !each.getValue() && was.getOrDefault(each.getKey(), false));
    }

    private static Map<String, Boolean> lanes(Map<String, PoolSpec> specs) {
        return specs.values().stream().collect(Collectors.toMap(PoolSpec::name, spec -> spec.backends().stream()
                .allMatch(BackendSpec::http11)));
    }
}
