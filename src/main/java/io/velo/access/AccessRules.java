package io.velo.access;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The rules in their order: the first that is for a request counts. Immutable. A look-up costs a look at each rule. */
public final class AccessRules {

    private final Entry[] entries;
    private final boolean byPath;
    private final boolean byHost;

    public AccessRules(List<AccessRule> rules) {
        this.entries = rules.stream().map(Entry::of).toArray(Entry[]::new);
        this.byPath = rules.stream().anyMatch(rule -> !rule.scope().paths().isEmpty());
        this.byHost = rules.stream().anyMatch(rule -> !rule.scope().hosts().isEmpty());
    }

    boolean isEmpty() {
        return entries.length == 0;
    }

    /** The rule for a request; empty if its path or its host can be read in several ways that lead to different rules. */
    Optional<Entry> find(AccessRequest request, String route) {
        String path = request.path();
        String host = byHost ? hostOf(request) : "";
        if (isInDisguise(host)) {
            return Optional.empty();
        }
        if (!byPath || PathReadings.isPlain(path)) {
            return first(path, host, route, false).self;
        }
        Entry found = null;
        for (String reading : PathReadings.of(path)) {
            Entry exact = first(reading, host, route, false);
            Entry lenient = first(reading, host, route, true);
            if (exact != lenient || isOther(found, exact)) {
                return Optional.empty();
            }
            found = exact;
        }
        return Optional.ofNullable(found);
    }

    @SuppressWarnings("ReferenceEquality") // there is one for each rule
    private static boolean isOther(@Nullable Entry found, Entry next) {
        return found != null && found != next;
    }

    private Entry first(String path, String host, String route, boolean ignoreCase) {
        for (Entry each : entries) {
            AccessRule.Scope scope = each.rule.scope();
            if (scope.takesRoute(route) && scope.takesHost(host) && scope.takesPath(path, ignoreCase)) {
                return each;
            }
        }
        return Entry.NONE;
    }

    /** Whether some backend may read it as another name: something is encoded, or a label is empty. */
    private static boolean isInDisguise(String host) {
        return host.indexOf('%') >= 0 || host.contains("..") || host.endsWith(".");
    }

    /** Without port and final dot, in lower case. */
    private static String hostOf(AccessRequest request) {
        String host = request.header("Host").orElse("");
        int colon = host.lastIndexOf(':');
        String name = colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
        String undotted = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        return undotted.toLowerCase(Locale.ROOT);
    }

    /** A rule with what is worked out of it once. */
    static final class Entry {

        static final Entry NONE = of(AccessRule.NONE);

        final AccessRule rule;
        final Mechanism[] mechanisms;
        final Optional<Entry> self;

        private Entry(AccessRule rule) {
            this.rule = rule;
            this.mechanisms = rule.mechanisms();
            this.self = Optional.of(this);
        }

        static Entry of(AccessRule rule) {
            return new Entry(rule);
        }
    }
}
