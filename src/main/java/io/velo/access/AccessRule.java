package io.velo.access;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * One rule: which requests it is for, and what they need.
 *
 * @param scope the requests that it is for
 * @param addresses those of clients that may pass
 * @param anyOf the mechanisms of which one must say who it is; empty if nobody asks
 * @param roles of which one is needed; empty for none
 * @param claims values by claim: of each claim one of them is needed
 */
public record AccessRule(
        Scope scope,
        Predicate<String> addresses,
        Set<Mechanism> anyOf,
        Set<String> roles,
        Map<String, Set<String>> claims) {

    /** For requests that no rule is for. */
    static final AccessRule NONE = new AccessRule(Scope.ALL, address -> true, Set.of(), Set.of(), Map.of());

    /** One that asks a mechanism of everybody, and nothing else. */
    static AccessRule asking(Mechanism mechanism) {
        return new AccessRule(Scope.ALL, address -> true, Set.of(mechanism), Set.of(), Map.of());
    }

    public AccessRule {
        anyOf = Set.copyOf(anyOf);
        roles = Set.copyOf(roles);
        claims = Map.copyOf(claims);
    }

    /** The mechanisms in the order in which they are tried. */
    Mechanism[] mechanisms() {
        Mechanism[] all = anyOf.toArray(Mechanism[]::new);
        Arrays.sort(all, Comparator.naturalOrder());
        return all;
    }

    boolean permits(Identity identity) {
        boolean role = roles.isEmpty() || roles.stream().anyMatch(identity.roles()::contains);
        return role
                && claims.entrySet().stream().allMatch(claim -> identity.claim(claim.getKey()).stream()
                        .anyMatch(claim.getValue()::contains));
    }

    /**
     * Requests. Each list that isn't empty must take them.
     *
     * @param hosts in lower case, without port; {@code *.example.org} for all below
     * @param routes ids of routes
     */
    public record Scope(List<PathRule> paths, List<String> hosts, Set<String> routes) {

        static final Scope ALL = new Scope(List.of(), List.of(), Set.of());

        public Scope {
            paths = List.copyOf(paths);
            hosts = List.copyOf(hosts);
            routes = Set.copyOf(routes);
        }

        boolean takesPath(String path, boolean ignoreCase) {
            if (paths.isEmpty()) {
                return true;
            }
            for (PathRule each : paths) { // a loop: on each request's way
                if (each.takes(path, ignoreCase)) {
                    return true;
                }
            }
            return false;
        }

        boolean takesHost(String host) {
            if (hosts.isEmpty()) {
                return true;
            }
            for (String each : hosts) {
                if (each.startsWith("*") ? isBelow(host, each) : host.equals(each)) {
                    return true;
                }
            }
            return false;
        }

        private static boolean isBelow(String host, String wildcard) {
            return host.length() >= wildcard.length() && host.endsWith(wildcard.substring(1));
        }

        boolean takesRoute(String route) {
            return routes.isEmpty() || routes.contains(route);
        }
    }
}
