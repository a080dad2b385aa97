package io.velo.gateway;

import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.GATEWAY_ALREADY_ROUTED_ATTR;
import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.GATEWAY_LOADBALANCER_RESPONSE_ATTR;
import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.GATEWAY_REQUEST_URL_ATTR;
import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.GATEWAY_SCHEME_PREFIX_ATTR;
import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.addOriginalRequestUrl;

import io.velo.backend.Reason;
import io.velo.pool.Pools;
import io.velo.route.RequestListener;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.DefaultRequest;
import org.springframework.cloud.client.loadbalancer.Response;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.filter.ReactiveLoadBalancerClientFilter;
import org.springframework.cloud.loadbalancer.core.ReactorServiceInstanceLoadBalancer;
import org.springframework.cloud.loadbalancer.support.LoadBalancerClientFactory;
import org.springframework.core.Ordered;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Takes the place of the stock load-balancer filter for {@code lb://} routes: asks the pool's load balancer, and once more,
 * for another backend, if the first could not be reached. Nothing was sent then, so any method may be repeated.
 */
final class PickFilter implements GlobalFilter, Ordered {

    private final Pools pools;
    private final LoadBalancerClientFactory loadBalancers;
    private final List<RequestListener> listeners;

    PickFilter(Pools pools, LoadBalancerClientFactory loadBalancers, List<RequestListener> listeners) {
        this.pools = pools;
        this.loadBalancers = loadBalancers;
        this.listeners = List.copyOf(listeners);
    }

    @Override
    public int getOrder() {
        return ReactiveLoadBalancerClientFilter.LOAD_BALANCER_CLIENT_FILTER_ORDER;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        URI url = exchange.getAttribute(GATEWAY_REQUEST_URL_ATTR);
        if (url == null || !isBalanced(url, exchange.getAttribute(GATEWAY_SCHEME_PREFIX_ATTR))) {
            return chain.filter(exchange);
        }
        String pool = url.getHost();
        if (pools.find(pool).isEmpty()) {
            return Mono.error(new FailedRequestException(Reason.DESTINATION_NOT_FOUND, null));
        }
        addOriginalRequestUrl(exchange, url);
        ProxiedRequest request = ProxiedRequest.of(exchange).orElseThrow();
        request.enter(pool);
        return attempt(exchange, chain, pool, request);
    }

    private static boolean isBalanced(URI url, @Nullable Object schemePrefix) {
        return "lb".equals(url.getScheme()) || "lb".equals(schemePrefix);
    }

    private Mono<Void> attempt(
            ServerWebExchange exchange, GatewayFilterChain chain, String pool, ProxiedRequest request) {
        return choose(exchange, pool, request)
                .flatMap(chosen -> forward(exchange, chain, request, chosen))
                .onErrorResume(FailedRequestException.class, failure -> again(exchange, chain, pool, request, failure));
    }

    private Mono<Response<ServiceInstance>> choose(ServerWebExchange exchange, String pool, ProxiedRequest request) {
        ReactorServiceInstanceLoadBalancer loadBalancer = Objects.requireNonNull(
                loadBalancers.getInstance(pool, ReactorServiceInstanceLoadBalancer.class), "no load balancer");
        return loadBalancer.choose(new DefaultRequest<>(new ExchangeView(exchange.getRequest(), request)));
    }

    private Mono<Void> forward(
            ServerWebExchange exchange,
            GatewayFilterChain chain,
            ProxiedRequest request,
            Response<ServiceInstance> chosen) {
        if (chosen.getServer() instanceof LeasedInstance instance) {
            request.hold(instance.lease());
            exchange.getAttributes().put(GATEWAY_LOADBALANCER_RESPONSE_ATTR, chosen);
            exchange.getAttributes().put(GATEWAY_REQUEST_URL_ATTR, instance.urlFor(exchange));
            return chain.filter(exchange)
                    .doOnError(request::attemptFailed)
                    .doOnCancel(() -> request.aborted(Reason.CLIENT_ABORTED)); // the client, or a filter's time limit
        }
        Reason why = chosen instanceof NoneChosen none ? none.reason() : Reason.DESTINATION_UNAVAILABLE;
        if (request.tried().backends().isEmpty()) {
            request.explanation().ifPresent(told -> told.failed(why));
        }
        return Mono.error(new FailedRequestException(why, null));
    }

    private Mono<Void> again(
            ServerWebExchange exchange,
            GatewayFilterChain chain,
            String pool,
            ProxiedRequest request,
            FailedRequestException failure) {
        if (!request.tried().mayTryAnother(failure.why())) {
            return Mono.error(failure);
        }
        return choose(exchange, pool, request)
                .filter(Response::hasServer)
                .switchIfEmpty(Mono.error(failure)) // nobody else: the client is told of the first failure
                .flatMap(chosen -> retry(exchange, chain, request, chosen));
    }

    private Mono<Void> retry(
            ServerWebExchange exchange,
            GatewayFilterChain chain,
            ProxiedRequest request,
            Response<ServiceInstance> chosen) {
        listeners.forEach(listener -> listener.retried(
                chosen.getServer() == null ? "" : chosen.getServer().getServiceId()));
        exchange.getAttributes().remove(GATEWAY_ALREADY_ROUTED_ATTR);
        return forward(exchange, chain, request, chosen);
    }
}
