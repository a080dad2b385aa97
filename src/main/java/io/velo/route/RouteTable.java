package io.velo.route;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The routes in force, in the order in which they are tried. Immutable. Indexed by host and by the leading segments of the
 * path for routes whose condition is a {@link RouteMatch}; others are looked at on each request.
 */
public final class RouteTable {

    /** No route at all. */
    public static final RouteTable EMPTY = new RouteTable(List.of());

    private final List<Route> routes;
    private final Set<String> pools;
    private final PathTree anyHost;
    private final Map<String, PathTree> byHost;

    public RouteTable(List<Route> routes) {
        this(List.of(), routes);
    }

    /**
     * @param reserved what takes requests before all routes and is not listed among them
     */
    public RouteTable(List<Route> reserved, List<Route> routes) {
        this.routes = List.copyOf(routes);
        this.pools = routes.stream().flatMap(route -> route.pool().stream()).collect(Collectors.toUnmodifiableSet());
        Builder index = new Builder();
        reserved.forEach(index::add);
        routes.forEach(index::add);
        this.anyHost = PathTree.of(index.anyHost);
        Map<String, PathTree> trees = new HashMap<>();
        index.byHost.forEach((host, candidates) -> trees.put(host, PathTree.of(candidates)));
        this.byHost = Map.copyOf(trees);
    }

    /** The routes in the order in which they are tried. */
    public List<Route> routes() {
        return routes;
    }

    /** Names of the pools that routes lead to. */
    public Set<String> pools() {
        return pools;
    }

    /**
     * The first route that takes the request, {@link Route#NONE} if none does. Costs a look-up of the host and one of each
     * segment of the path, and the conditions of the routes that are left then. If a condition fails to decide, the answer
     * is {@code NONE}, too, so that the gateway lane has the last word.
     */
    public Route find(RouteRequest request) {
        try {
            return first(request).route();
        } catch (RuntimeException undecided) {
            return Route.NONE;
        }
    }

    private Candidate first(RouteRequest request) {
        String path = request.path();
        Candidate best = Candidate.NONE;
        if (!byHost.isEmpty()) {
            PathTree ofHost = byHost.get(RouteMatch.hostOf(request));
            best = ofHost == null ? best : ofHost.first(request, path, best);
        }
        return anyHost.first(request, path, best);
    }

    private static final class Builder {

        private final List<Candidate> anyHost = new ArrayList<>();
        private final Map<String, List<Candidate>> byHost = new HashMap<>();
        private int order;

        void add(Route route) {
            Predicate<RouteRequest> condition = route.condition();
            RouteMatch match = condition instanceof RouteMatch known ? known : RouteMatch.of(condition);
            for (PathMatch path : match.paths().isEmpty() ? List.of(PathMatch.ANY) : match.paths()) {
                add(match.hosts(), new Candidate(order, route, path, match.others()));
            }
            order++;
        }

        private void add(Set<String> hosts, Candidate candidate) {
            if (hosts.isEmpty()) {
                anyHost.add(candidate);
            }
            for (String host : hosts) {
                byHost.computeIfAbsent(host, each -> new ArrayList<>()).add(candidate);
            }
        }
    }
}
