package io.velo.gateway.routes;

import io.velo.gateway.routes.Reading.GatewayOnly;
import io.velo.gateway.routes.Reading.Known;
import io.velo.pool.Pools;
import io.velo.route.HeadEdits;
import io.velo.route.Lane;
import io.velo.route.RouteMatch;
import io.velo.route.RouteTable;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.route.RouteDefinition;
import org.springframework.cloud.gateway.support.RouteMetadataUtils;

/**
 * Compiles the gateway's routes into Velo's table. A route takes the express lane if Velo understands all of it and nobody
 * else has a say; in any doubt it takes the gateway lane, and the table says why.
 */
final class RouteCompiler {

    private static final String CORS = "cors";

    /** Metadata that the gateway or one of its clients acts on. */
    private static final List<String> ACTED_ON =
            List.of(RouteMetadataUtils.RESPONSE_TIMEOUT_ATTR, RouteMetadataUtils.CONNECT_TIMEOUT_ATTR, CORS);

    private final RouteReader reader;
    private final Pools pools;

    RouteCompiler(RouteReader reader, Pools pools) {
        this.reader = reader;
        this.pools = pools;
    }

    /**
     * The table of these routes.
     *
     * @param routes the gateway's, in the order in which it tries them
     * @param definitions what the gateway makes routes of, in any order
     * @param reserved what the application answers itself
     * @param gatewayOnly why all routes take the gateway lane, if they do
     */
    RouteTable compile(
            List<Route> routes,
            List<RouteDefinition> definitions,
            List<io.velo.route.Route> reserved,
            Optional<String> gatewayOnly) {
        Map<String, List<RouteDefinition>> byId =
                definitions.stream().collect(Collectors.groupingBy(each -> Objects.toString(each.getId(), "")));
        Map<String, List<Route>> routesById = routes.stream().collect(Collectors.groupingBy(Route::getId));
        Function<Route, Optional<RouteDefinition>> definitionOf = route -> {
            List<RouteDefinition> named = byId.getOrDefault(route.getId(), List.of());
            List<Route> twins = routesById.getOrDefault(route.getId(), List.of());
            boolean one = named.size() == 1 && twins.size() == 1;
            return one ? Optional.of(named.get(0)) : Optional.empty();
        };
        Optional<String> why = gatewayOnly.or(() -> corsOf(routes));
        return new RouteTable(
                reserved,
                routes.stream()
                        .map(route -> compiled(route, definitionOf.apply(route), why))
                        .toList());
    }

    /** The gateway applies the CORS settings of a route to the paths of its first pattern, whichever route takes them. */
    private static Optional<String> corsOf(List<Route> routes) {
        return routes.stream()
                .filter(route -> route.getMetadata().containsKey(CORS))
                .map(route -> "route '" + route.getId() + "' has CORS settings, which count for all routes")
                .findFirst();
    }

    private io.velo.route.Route compiled(Route route, Optional<RouteDefinition> definition, Optional<String> why) {
        if (definition.isEmpty()) {
            String java = "it doesn't come from one definition of its name";
            return gatewayRoute(route, RouteMatch.ANY, why.orElse(java));
        }
        RouteReader.Match match = reader.match(route, definition.get());
        Optional<String> gatewayOnly = why.or(() -> destination(route.getUri()))
                .or(() -> metadata(route))
                .or(() -> match.gatewayOnly().stream().findFirst());
        return gatewayOnly
                .map(sentence -> gatewayRoute(route, match.condition(), sentence))
                .orElseGet(() -> withEdits(route, match.condition(), reader.edits(route, definition.get())));
    }

    private Optional<String> destination(URI uri) {
        return poolOf(uri).flatMap(pools::find).isPresent()
                ? Optional.empty()
                : Optional.of("its URI " + uri + " isn't lb:// and the name of a pool");
    }

    /** The pool's name in {@code lb://name} with nothing else around it. */
    private static Optional<String> poolOf(URI uri) {
        return Optional.ofNullable(uri.getHost()).filter(host -> uri.toString().equals("lb://" + host));
    }

    private static Optional<String> metadata(Route route) {
        return ACTED_ON.stream()
                .filter(route.getMetadata()::containsKey)
                .map(key -> "metadata " + key + " is for the gateway alone")
                .findFirst();
    }

    private static io.velo.route.Route withEdits(Route route, RouteMatch match, Reading<HeadEdits> edits) {
        if (edits instanceof Known<HeadEdits> known) {
            return new io.velo.route.Route(
                    route.getId(),
                    poolOf(route.getUri()),
                    Lane.EXPRESS,
                    "every predicate and filter is known",
                    match,
                    known.value());
        }
        return gatewayRoute(route, match, ((GatewayOnly<HeadEdits>) edits).why());
    }

    private static io.velo.route.Route gatewayRoute(Route route, RouteMatch match, String why) {
        Optional<String> pool = Optional.of(route.getUri())
                .filter(uri -> "lb".equals(uri.getScheme()))
                .map(URI::getHost);
        return new io.velo.route.Route(route.getId(), pool, Lane.GATEWAY, why, match, HeadEdits.NONE);
    }
}
