package io.velo.gateway;

import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.GATEWAY_REQUEST_URL_ATTR;
import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.GATEWAY_ROUTE_ATTR;

import java.net.URI;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.RouteToRequestUrlFilter;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Stands in for the gateway's filter that makes the target of a request out of its route: for routes to a pool the pool with
 * the request's path and query as they are, which needn't be taken apart and put together again.
 */
final class TargetFilter extends RouteToRequestUrlFilter {

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        Route route = exchange.getAttribute(GATEWAY_ROUTE_ATTR);
        if (route == null || !leadsToPool(route.getUri())) {
            return super.filter(exchange, chain);
        }
        URI request = exchange.getRequest().getURI();
        String query = request.getRawQuery() == null ? "" : "?" + request.getRawQuery();
        URI target = URI.create("lb://" + route.getUri().getRawAuthority() + request.getRawPath() + query);
        exchange.getAttributes().put(GATEWAY_REQUEST_URL_ATTR, target);
        return chain.filter(exchange);
    }

    private static boolean leadsToPool(URI route) {
        return "lb".equals(route.getScheme()) && route.getHost() != null && route.getRawUserInfo() == null;
    }
}
