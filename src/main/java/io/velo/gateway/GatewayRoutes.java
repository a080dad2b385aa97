package io.velo.gateway;

import io.velo.gateway.routes.RouteTables;
import io.velo.pool.Pools;
import io.velo.route.RouteTable;
import io.velo.route.Routes;
import java.net.URI;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.cloud.gateway.config.GatewayProperties;
import org.springframework.cloud.gateway.event.RefreshRoutesResultEvent;
import org.springframework.cloud.gateway.handler.predicate.PredicateDefinition;
import org.springframework.cloud.gateway.route.RouteDefinition;
import org.springframework.cloud.gateway.route.RouteDefinitionLocator;
import org.springframework.cloud.gateway.route.RouteLocator;
import org.springframework.context.ApplicationListener;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Adds the route of a gateway that has none, everything to the default pool, and keeps the domain's table of routes in step
 * with the gateway's.
 */
final class GatewayRoutes implements RouteDefinitionLocator, ApplicationListener<RefreshRoutesResultEvent> {

    private static final Logger log = LoggerFactory.getLogger(GatewayRoutes.class);

    private final GatewayProperties properties;
    private final Routes routes;
    private final RouteTables tables;
    private final Supplier<RouteDefinitionLocator> definitions;
    private final boolean otherRoutes;
    private final AtomicLong refreshes = new AtomicLong();

    /**
     * @param definitions where all definitions are, those from here included
     * @param otherRoutes whether routes come from elsewhere than the properties
     */
    GatewayRoutes(
            GatewayProperties properties,
            Routes routes,
            RouteTables tables,
            Supplier<RouteDefinitionLocator> definitions,
            boolean otherRoutes) {
        this.properties = properties;
        this.routes = routes;
        this.tables = tables;
        this.definitions = definitions;
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
            long turn = refreshes.incrementAndGet();
            Mono<List<RouteDefinition>> defined =
                    definitions.get().getRouteDefinitions().collectList();
            refreshed
                    .getRoutes()
                    .collectList()
                    // without definitions every route takes the gateway lane
                    .zipWith(defined.onErrorReturn(List.of()), tables::of)
                    .filter(table ->
                            turn == refreshes.get()) // definitions may come late, after those of a later refresh
                    .subscribe(routes::swap, this::uncompiled);
        }
    }

    /** An old table could send requests past what the new routes say; with none they take the gateway lane. */
    private void uncompiled(Throwable failure) {
        routes.swap(RouteTable.EMPTY);
        log.error("routes can't be compiled: every request takes the gateway lane", failure);
    }
}
