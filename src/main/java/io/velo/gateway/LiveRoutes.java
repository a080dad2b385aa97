package io.velo.gateway;

import io.velo.route.Routes;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.gateway.config.GatewayProperties;
import org.springframework.cloud.gateway.event.RefreshRoutesEvent;
import org.springframework.cloud.gateway.filter.FilterDefinition;
import org.springframework.cloud.gateway.filter.factory.GatewayFilterFactory;
import org.springframework.cloud.gateway.handler.predicate.RoutePredicateFactory;
import org.springframework.cloud.gateway.route.RouteDefinition;
import org.springframework.cloud.gateway.route.RouteDefinitionRouteLocator;
import org.springframework.cloud.gateway.support.ConfigurationService;
import org.springframework.context.ApplicationEventPublisher;
import reactor.core.publisher.Flux;

/** The routes of the configuration, to be changed while requests come in. Not for two threads at once. */
@SuppressWarnings("rawtypes") // so are the gateway's
public final class LiveRoutes {

    private final GatewayProperties properties;
    private final List<RoutePredicateFactory> predicates;
    private final List<GatewayFilterFactory> filters;
    private final ConfigurationService arguments;
    private final ApplicationEventPublisher events;
    private final Routes routes;

    /**
     * @param arguments reads arguments of predicates and filters, and tells nobody that it does
     */
    LiveRoutes(
            GatewayProperties properties,
            List<RoutePredicateFactory> predicates,
            List<GatewayFilterFactory> filters,
            ConfigurationService arguments,
            ApplicationEventPublisher events,
            Routes routes) {
        this.properties = properties;
        this.predicates = predicates;
        this.filters = filters;
        this.arguments = arguments;
        this.events = events;
        this.routes = routes;
    }

    /**
     * Makes routes of these definitions to see whether that works.
     *
     * @throws IllegalArgumentException if it doesn't
     */
    public void check(RouteSet set) {
        GatewayProperties trial = new GatewayProperties();
        trial.setDefaultFilters(set.defaultFilters());
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        new RouteDefinitionRouteLocator(
                        () -> Flux.fromIterable(set.routes()).map(LiveRoutes::named),
                        predicates,
                        filters,
                        trial,
                        arguments)
                .getRoutes()
                .subscribe(route -> {}, failure::set);
        Throwable why = failure.get();
        if (why != null) {
            throw new IllegalArgumentException("routes cannot be made: " + why.getMessage(), why);
        }
    }

    /** A route without a name gets one by the gateway later on. */
    private static RouteDefinition named(RouteDefinition route) {
        URI uri = route.getUri();
        if (uri == null) {
            throw new IllegalArgumentException("route " + route.getId() + " has no uri");
        }
        RouteDefinition named = new RouteDefinition();
        named.setId(Objects.requireNonNullElse(route.getId(), "without a name"));
        named.setUri(uri);
        named.setOrder(route.getOrder());
        named.setPredicates(route.getPredicates());
        named.setFilters(route.getFilters());
        named.setMetadata(route.getMetadata());
        return named;
    }

    /** Puts these in force on both lanes. */
    public void swap(RouteSet set) {
        properties.setRoutes(set.routes());
        properties.setDefaultFilters(set.defaultFilters());
        recompile();
    }

    /** Makes the routes in force anew, because pools are others now. */
    public void recompile() {
        events.publishEvent(new RefreshRoutesEvent(this));
    }

    /** Whether a route leads to this pool. */
    public boolean leadTo(String pool) {
        return routes.table().pools().contains(pool);
    }

    /**
     * What a configuration says of routes.
     *
     * @param defaultFilters filters of every route
     */
    public record RouteSet(List<RouteDefinition> routes, List<FilterDefinition> defaultFilters) {
        public RouteSet {
            routes = List.copyOf(routes);
            defaultFilters = List.copyOf(defaultFilters);
        }
    }
}
