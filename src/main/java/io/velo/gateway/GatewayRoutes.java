package io.velo.gateway;

import io.velo.pool.Pools;
import io.velo.route.HeadEdits;
import io.velo.route.Lane;
import io.velo.route.RouteTable;
import io.velo.route.Routes;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.springframework.cloud.gateway.config.GatewayProperties;
import org.springframework.cloud.gateway.event.RefreshRoutesResultEvent;
import org.springframework.cloud.gateway.handler.predicate.PredicateDefinition;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.route.RouteDefinition;
import org.springframework.cloud.gateway.route.RouteDefinitionLocator;
import org.springframework.cloud.gateway.route.RouteLocator;
import org.springframework.context.ApplicationListener;
import reactor.core.publisher.Flux;

/**
 * Adds the route of a gateway that has none, everything to the default pool, and keeps the domain's table of routes in step
 * with the gateway's.
 */
final class GatewayRoutes implements RouteDefinitionLocator, ApplicationListener<RefreshRoutesResultEvent> {

    private final GatewayProperties properties;
    private final Routes routes;
    private final boolean otherRoutes;

    /**
     * @param otherRoutes whether routes come from elsewhere than the properties
     */
    GatewayRoutes(GatewayProperties properties, Routes routes, boolean otherRoutes) {
        this.properties = properties;
        this.routes = routes;
        this.otherRoutes = otherRoutes;
    }

    @Override
    public Flux<RouteDefinition> getRouteDefinitions() {
        return Flux.defer(() ->
                properties.getRoutes().isEmpty() && !otherRoutes ? Flux.just(everythingToDefault()) : Flux.empty());
    }

    private static RouteDefinition everythingToDefault() {
        RouteDefinition route = new RouteDefinition();
        route.setId(Pools.DEFAULT);
        route.setUri(URI.create("lb://" + Pools.DEFAULT));
        route.setPredicates(List.of(new PredicateDefinition("Path=/**")));
        return route;
    }

    @Override
    public void onApplicationEvent(RefreshRoutesResultEvent refresh) {
        if (refresh.isSuccess() && refresh.getSource() instanceof RouteLocator refreshed) {
            refreshed
                    .getRoutes()
                    .map(GatewayRoutes::told)
                    .collectList()
                    .subscribe(list -> routes.swap(new RouteTable(list)));
        }
    }

    private static io.velo.route.Route told(Route route) {
        boolean balanced = "lb".equals(route.getUri().getScheme());
        Optional<String> pool = balanced ? Optional.ofNullable(route.getUri().getHost()) : Optional.empty();
        return new io.velo.route.Route(
                route.getId(),
                pool,
                Lane.GATEWAY,
                "every route takes the gateway lane",
                request -> true,
                HeadEdits.NONE);
    }
}
