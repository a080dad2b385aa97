package io.velo.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Tells in sentences what is different between two digests. */
final class ConfigDiff {

    private static final Pattern OF_POOL = Pattern.compile("pools\\.([^.]+)\\.(backends\\.)?(.+)");

    private final Map<String, String> before;
    private final Map<String, String> after;

    private ConfigDiff(Map<String, String> before, Map<String, String> after) {
        this.before = before;
        this.after = after;
    }

    static List<String> between(Map<String, String> before, Map<String, String> after) {
        return new ConfigDiff(before, after).sentences();
    }

    /** Whether something of routes is different. */
    static boolean inRoutes(Map<String, String> before, Map<String, String> after) {
        return !routes(before).equals(routes(after));
    }

    private static Map<String, String> routes(Map<String, String> digest) {
        Map<String, String> routes = new LinkedHashMap<>(digest);
        routes.keySet()
                .removeIf(key ->
                        key.startsWith("pools.") || key.startsWith("auth.") || key.startsWith(ConfigDigest.GLOBAL));
        return routes;
    }

    /** Names of pools of which something is different. */
    static Set<String> pools(Map<String, String> before, Map<String, String> after) {
        Set<String> pools = new LinkedHashSet<>();
        for (String key : allKeys(before, after)) {
            Matcher ofPool = OF_POOL.matcher(key);
            if (ofPool.matches() && !Objects.equals(before.get(key), after.get(key))) {
                pools.add(ofPool.group(1));
            }
        }
        return pools;
    }

    private static Set<String> allKeys(Map<String, String> before, Map<String, String> after) {
        Set<String> keys = new LinkedHashSet<>(before.keySet());
        keys.addAll(after.keySet());
        return keys;
    }

    private List<String> sentences() {
        Set<String> sentences = new LinkedHashSet<>();
        for (String key : allKeys(before, after)) {
            if (!Objects.equals(before.get(key), after.get(key))) {
                sentences.addAll(told(key));
            }
        }
        return List.copyOf(sentences);
    }

    private List<String> told(String key) {
        Matcher ofPool = OF_POOL.matcher(key);
        if (!ofPool.matches()) {
            return List.of(told(
                    key.replaceFirst("^routes\\.", "route ").replace(ConfigDigest.GLOBAL, ""),
                    before.get(key),
                    after.get(key)));
        }
        String pool = ofPool.group(1);
        boolean whole = !hasPool(before, pool) || !hasPool(after, pool);
        List<String> told = new ArrayList<>();
        if (whole) {
            told.add("pool " + pool + (hasPool(after, pool) ? " added" : " removed"));
        }
        if (ofPool.group(2) != null) {
            told.add("pool " + pool + ": " + told("backend " + ofPool.group(3), before.get(key), after.get(key)));
        } else if (!whole) {
            told.add("pool " + pool + ": " + told(ofPool.group(3), before.get(key), after.get(key)));
        }
        return told;
    }

    private static boolean hasPool(Map<String, String> digest, String pool) {
        return digest.containsKey("pools." + pool + ".strategy");
    }

    private static String told(String what, @Nullable String old, @Nullable String now) {
        if (old == null) {
            return what + " added, " + now;
        }
        return now == null ? what + " removed, was " + old : what + " changed from (" + old + ") to (" + now + ")";
    }
}
