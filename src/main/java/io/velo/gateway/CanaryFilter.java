package io.velo.gateway;

import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.GATEWAY_REQUEST_URL_ATTR;
import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.GATEWAY_SCHEME_PREFIX_ATTR;

import io.velo.backend.Outcome;
import io.velo.pool.Canaries;
import io.velo.pool.Canary;
import io.velo.pool.Placement;
import io.velo.pool.Pool;
import io.velo.pool.Pools;
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.filter.ReactiveLoadBalancerClientFilter;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Just before a backend is picked: sends the requests of a canary's clients to the pool that is the canary. */
final class CanaryFilter implements GlobalFilter, Ordered {

    private static final String PLACEMENT = Placement.class.getName();

    private final Pools pools;
    private final Canaries canaries;

    CanaryFilter(Pools pools, Canaries canaries) {
        this.pools = pools;
        this.canaries = canaries;
    }

    @Override
    public int getOrder() {
        return ReactiveLoadBalancerClientFilter.LOAD_BALANCER_CLIENT_FILTER_ORDER - 1;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        URI url = exchange.getAttribute(GATEWAY_REQUEST_URL_ATTR);
        if (url != null && url.getHost() != null) {
            Optional<Canary> canary = canaries.of(url.getHost());
            if (canary.isPresent() && isBalanced(url, exchange.getAttribute(GATEWAY_SCHEME_PREFIX_ATTR))) {
                pools.find(url.getHost()).ifPresent(pool -> place(exchange, url, pool, canary.get()));
            }
        }
        return chain.filter(exchange);
    }

    private static boolean isBalanced(URI url, @Nullable Object schemePrefix) {
        return "lb".equals(url.getScheme()) || "lb".equals(schemePrefix);
    }

    private void place(ServerWebExchange exchange, URI url, Pool pool, Canary canary) {
        ExchangeView view = new ExchangeView(
                exchange.getRequest(), ProxiedRequest.of(exchange).orElseThrow());
        Placement placement = canary.place(pool, view, pools);
        Object before = exchange.getAttributes().put(PLACEMENT, placement);
        if (before instanceof Placement failed) {
            failed.ended(Outcome.Kind.FAILED); // a fallback or another try took over
        } else {
            exchange.getResponse().beforeCommit(() -> Mono.fromRunnable(() -> giveCookie(exchange)));
        }
        if (!placement.pool().name().equals(pool.name())) {
            exchange.getAttributes()
                    .put(GATEWAY_REQUEST_URL_ATTR, towards(placement.pool().name(), url));
        }
    }

    private static void giveCookie(ServerWebExchange exchange) {
        of(exchange)
                .flatMap(Placement::cookie)
                .ifPresent(cookie -> exchange.getResponse().getHeaders().add(HttpHeaders.SET_COOKIE, cookie));
    }

    private static Optional<Placement> of(ServerWebExchange exchange) {
        return Optional.ofNullable(exchange.getAttribute(PLACEMENT));
    }

    private static URI towards(String pool, URI url) {
        String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
        return URI.create(url.getScheme() + "://" + pool + url.getRawPath() + query);
    }

    /** A request has ended, whether it was placed here or not. */
    static void ended(ServerWebExchange exchange, Outcome.Kind kind) {
        of(exchange).ifPresent(placement -> placement.ended(kind));
    }
}
