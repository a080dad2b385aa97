package io.velo.gateway;

import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.GATEWAY_ROUTE_ATTR;

import io.velo.backend.Reason;
import io.velo.limit.Overload;
import io.velo.route.TermsByRoute;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.core.Ordered;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Turns requests away while the process has too much to do. What is no route, health and administration, passes. */
final class ShedFilter implements GlobalFilter, Ordered {

    private final Overload overload;
    private final TermsByRoute terms;

    ShedFilter(Overload overload, TermsByRoute terms) {
        this.overload = overload;
        this.terms = terms;
    }

    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE + 2; // first of all, behind those that account and explain
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        return overload.pressure() > 0 && sheds(exchange)
                ? Mono.error(new FailedRequestException(Reason.OVERLOADED, null))
                : chain.filter(exchange);
    }

    private boolean sheds(ServerWebExchange exchange) {
        Route route = exchange.getAttribute(GATEWAY_ROUTE_ATTR);
        ProxiedRequest request = ProxiedRequest.of(exchange).orElseThrow();
        return route != null
                && overload.sheds(
                        terms.of(route.getId()).priority(),
                        request.forwardedFor().trustedPeer(),
                        ExchangeView.of(exchange, request));
    }
}
