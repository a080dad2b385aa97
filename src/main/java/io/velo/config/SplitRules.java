package io.velo.config;

import io.velo.pool.CanaryKey;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** What must hold between pools that share their traffic: a canary and a mirror are other pools, and not in a circle. */
final class SplitRules {

    private static final int WHOLE = 100;
    private static final long MOST_BODY = 16 << 20;

    private final Map<String, PoolProperties> pools;
    private final Violations violations;

    SplitRules(Map<String, PoolProperties> pools, Violations violations) {
        this.pools = pools;
        this.violations = violations;
    }

    void check() {
        pools.forEach((name, pool) -> {
            checkCanary(PoolNames.prefixOf(name) + "canary.", name, pool.canary());
            checkMirror(PoolNames.prefixOf(name) + "mirror.", name, pool.mirror());
        });
    }

    private void checkMirror(String prefix, String name, PoolProperties.Mirror mirror) {
        violations.between(prefix + "percent", mirror.percent(), 0, WHOLE);
        violations.atLeast(prefix + "max-in-flight", mirror.maxInFlight(), 1);
        violations.unless(
                mirror.bodyLimit().toBytes() >= 0 && mirror.bodyLimit().toBytes() <= MOST_BODY,
                prefix + "body-limit",
                mirror.bodyLimit(),
                "must be 0B to 16MB");
        checkTarget(prefix + "pool", name, each -> each.mirror().pool());
    }

    private void checkCanary(String prefix, String name, PoolProperties.Canary canary) {
        violations.between(prefix + "percent", canary.percent(), 0, WHOLE);
        violations.unless(isKey(canary.key()), prefix + "key", canary.key(), "must be cookie, address, or header:NAME");
        PoolProperties.Guard guard = canary.guard();
        violations.unless(
                guard.maxErrorRatio() == 0 || guard.maxErrorRatio() >= 1,
                prefix + "guard.max-error-ratio",
                guard.maxErrorRatio(),
                "must be at least 1, or 0 for no guard");
        violations.atLeast(prefix + "guard.min-requests", guard.minRequests(), 1);
        violations.positive(prefix + "guard.window", guard.window());
        violations.unless(
                canary.percent() == 0 || !canary.pool().isEmpty(),
                prefix + "percent",
                canary.percent(),
                "needs " + prefix + "pool, the pool that gets the share");
        checkTarget(prefix + "pool", name, each -> each.canary().pool());
    }

    private static boolean isKey(String text) {
        try {
            return CanaryKey.parse(text) != null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** It has to be there, and the way from pool to pool must not come back. */
    private void checkTarget(String key, String name, Function<PoolProperties, String> next) {
        String target = next.apply(pools.get(name));
        if (target.isEmpty()) {
            return;
        }
        violations.unless(
                pools.containsKey(target),
                key,
                target,
                "there is no such pool; there are " + String.join(", ", pools.keySet()));
        Set<String> seen = new HashSet<>();
        String at = target;
        while (pools.containsKey(at) && seen.add(at)) {
            at = next.apply(pools.get(at));
        }
        violations.unless(!seen.contains(name), key, target, "leads back to pool " + name);
    }
}
