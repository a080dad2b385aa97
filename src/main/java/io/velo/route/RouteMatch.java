package io.velo.route;

import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Which requests a route takes, so that a {@link RouteTable} finds it by host and path: all three conditions must hold.
 *
 * @param hosts values of {@code Host} as {@link #hostOf} writes them, in which case matters; empty for any
 * @param paths of which one must match; empty for any
 * @param others what else must hold
 */
public record RouteMatch(Set<String> hosts, List<PathMatch> paths, Predicate<RouteRequest> others)
        implements Predicate<RouteRequest> {

    /** Takes every request. */
    public static final RouteMatch ANY = new RouteMatch(Set.of(), List.of(), Anything.ELSE);

    public RouteMatch {
        hosts = Set.copyOf(hosts);
        paths = List.copyOf(paths);
    }

    /** Takes requests for one of these hosts. */
    public static RouteMatch ofHosts(Set<String> hosts) {
        return new RouteMatch(hosts, List.of(), Anything.ELSE);
    }

    /** Takes requests for one of these paths. */
    public static RouteMatch ofPaths(List<PathMatch> paths) {
        return new RouteMatch(Set.of(), paths, Anything.ELSE);
    }

    /** Takes requests for which this holds. */
    public static RouteMatch of(Predicate<RouteRequest> others) {
        return new RouteMatch(Set.of(), List.of(), others);
    }

    /** Takes what both take. Where both name hosts or paths, the first ones' are those that a table looks up. */
    public RouteMatch and(RouteMatch other) {
        Predicate<RouteRequest> rest = both(others, other.others);
        if (!hosts.isEmpty() && !other.hosts.isEmpty()) {
            rest = both(rest, other::hostMatches);
        }
        if (!paths.isEmpty() && !other.paths.isEmpty()) {
            rest = both(rest, other::pathMatches);
        }
        return new RouteMatch(hosts.isEmpty() ? other.hosts : hosts, paths.isEmpty() ? other.paths : paths, rest);
    }

    private static Predicate<RouteRequest> both(Predicate<RouteRequest> one, Predicate<RouteRequest> two) {
        if (one == Anything.ELSE) {
            return two;
        }
        return two == Anything.ELSE ? one : one.and(two);
    }

    /** The same as the table finds out, at the cost of a look at each host and path. */
    @Override
    public boolean test(RouteRequest request) {
        return hostMatches(request) && pathMatches(request) && others.test(request);
    }

    private boolean hostMatches(RouteRequest request) {
        return hosts.isEmpty() || hosts.contains(hostOf(request));
    }

    private boolean pathMatches(RouteRequest request) {
        if (paths.isEmpty()) {
            return true;
        }
        RequestPath path = new RequestPath(request.path());
        return paths.stream().anyMatch(each -> each.pattern().test(path));
    }

    /** The value of {@code Host}, a run of dots written as one; empty if there is none. */
    public static String hostOf(RouteRequest request) {
        return hostOf(request.header("Host").orElse(""));
    }

    /** A value of {@code Host}, a run of dots written as one, since empty labels count for nothing. */
    public static String hostOf(String value) {
        return value.contains("..") ? value.replaceAll("\\.\\.+", ".") : value;
    }

    private enum Anything implements Predicate<RouteRequest> {
        ELSE;

        @Override
        public boolean test(RouteRequest request) {
            return true;
        }
    }
}
