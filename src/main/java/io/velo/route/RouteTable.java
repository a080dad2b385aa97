package io.velo.route;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The routes in force, in the order in which they are tried. Immutable. */
public final class RouteTable {

    /** No route at all. */
    public static final RouteTable EMPTY = new RouteTable(List.of());

    private final List<Route> routes;
    private final Set<String> pools;

    public RouteTable(List<Route> routes) {
        this.routes = List.copyOf(routes);
        this.pools = routes.stream().flatMap(route -> route.pool().stream()).collect(Collectors.toUnmodifiableSet());
    }

    /** The routes in the order in which they are tried. */
    public List<Route> routes() {
        return routes;
    }

    /** Names of the pools that routes lead to. */
    public Set<String> pools() {
        return pools;
    }

    /** The first route that takes the request, {@link Route#NONE} if none does. */
    public Route find(RouteRequest request) {
        for (Route route : routes) {
            if (route.condition().test(request)) {
                return route;
            }
        }
        return Route.NONE;
    }
}
