package io.velo.gateway;

import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.GATEWAY_PREDICATE_ROUTE_ATTR;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.cloud.gateway.config.GlobalCorsProperties;
import org.springframework.cloud.gateway.event.RefreshRoutesResultEvent;
import org.springframework.cloud.gateway.handler.FilteringWebHandler;
import org.springframework.cloud.gateway.handler.RoutePredicateHandlerMapping;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.route.RouteLocator;
import org.springframework.context.ApplicationListener;
import org.springframework.core.env.Environment;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * The gateway's mapping of requests to routes over a snapshot of the routes. Most predicates know at once, so the first that
 * holds is found in a loop; for one that doesn't, the loop goes on when it does.
 */
final class RouteMapping extends RoutePredicateHandlerMapping implements ApplicationListener<RefreshRoutesResultEvent> {

    private static final Logger LOG = LoggerFactory.getLogger(RoutePredicateHandlerMapping.class);

    private volatile @Nullable List<Route> snapshot;

    RouteMapping(
            FilteringWebHandler handler, RouteLocator locator, GlobalCorsProperties cors, Environment environment) {
        super(handler, locator, cors, environment);
    }

    @Override
    public void onApplicationEvent(RefreshRoutesResultEvent refresh) {
        if (refresh.isSuccess() && refresh.getSource() instanceof RouteLocator refreshed) {
            refreshed.getRoutes().collectList().subscribe(routes -> snapshot = List.copyOf(routes));
        }
    }

    @Override
    protected Mono<Route> lookupRoute(ServerWebExchange exchange) {
        List<Route> routes = snapshot;
        return routes == null ? super.lookupRoute(exchange) : firstFrom(0, routes, exchange);
    }

    private Mono<Route> firstFrom(int start, List<Route> routes, ServerWebExchange exchange) {
        for (int i = start; i < routes.size(); i++) {
            Route route = routes.get(i);
            Verdict verdict = ask(route, exchange);
            if (!verdict.isKnown()) {
                int next = i + 1;
                return verdict.later().flatMap(holds -> holds ? Mono.just(route) : firstFrom(next, routes, exchange));
            }
            if (verdict.holds()) {
                validateRoute(route, exchange);
                return Mono.just(route);
            }
        }
        return Mono.empty();
    }

    private static Verdict ask(Route route, ServerWebExchange exchange) {
        exchange.getAttributes().put(GATEWAY_PREDICATE_ROUTE_ATTR, route.getId());
        Verdict verdict = new Verdict(exchange);
        try {
            Objects.requireNonNull(route.getPredicate().apply(exchange)).subscribe(verdict);
        } catch (RuntimeException e) {
            LOG.error("Error applying predicate for route: {}", route.getId(), e);
            verdict.onNext(false);
        }
        return verdict;
    }
}
