package io.velo.gateway;

import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.GATEWAY_ALREADY_ROUTED_ATTR;
import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.GATEWAY_LOADBALANCER_RESPONSE_ATTR;
import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.GATEWAY_REQUEST_URL_ATTR;
import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.GATEWAY_SCHEME_PREFIX_ATTR;
import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.addOriginalRequestUrl;

import io.velo.backend.Reason;
import io.velo.pool.Pools;
import io.velo.pool.Retry;
import java.net.URI;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.DefaultRequest;
import org.springframework.cloud.client.loadbalancer.DefaultResponse;
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
 * Takes the place of the stock load-balancer filter for {@code lb://} routes: asks the pool's load balancer, and again, for
 * another backend, if one has failed and the pool allows it.
 */
final class PickFilter implements GlobalFilter, Ordered {

    private final Pools pools;
    private final LoadBalancerClientFactory loadBalancers;
    private final Repeats repeats;

    PickFilter(Pools pools, LoadBalancerClientFactory loadBalancers, Repeats repeats) {
        this.pools = pools;
        this.loadBalancers = loadBalancers;
        this.repeats = repeats;
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
        Placing placing = new Placing(exchange, chain, pool, request);
        return choose(placing).flatMap(chosen -> attempt(placing, chosen));
    }

    private static boolean isBalanced(URI url, @Nullable Object schemePrefix) {
        return "lb".equals(url.getScheme()) || "lb".equals(schemePrefix);
    }

    private Mono<Response<ServiceInstance>> choose(Placing placing) {
        ReactorServiceInstanceLoadBalancer loadBalancer = Objects.requireNonNull(
                loadBalancers.getInstance(placing.pool, ReactorServiceInstanceLoadBalancer.class), "no load balancer");
        return loadBalancer
                .choose(new DefaultRequest<>(ExchangeView.of(placing.exchange, placing.request)))
                .doOnDiscard(DefaultResponse.class, PickFilter::letGo);
    }

    /** It was chosen while the request was cancelled. */
    private static void letGo(Response<ServiceInstance> chosen) {
        if (chosen.getServer() instanceof LeasedInstance instance) {
            instance.lease().abort(Reason.CLIENT_ABORTED);
        }
    }

    private Mono<Void> attempt(Placing placing, Response<ServiceInstance> chosen) {
        if (chosen.getServer() instanceof LeasedInstance instance) {
            placing.request.attempts().hold(instance.lease());
            return forward(placing, chosen, instance);
        }
        Reason why = chosen instanceof NoneChosen none ? none.reason() : Reason.DESTINATION_UNAVAILABLE;
        if (why == Reason.CONNECTION_LIMIT_REACHED) {
            return repeats.room(placing.exchange, placing.request)
                    .map(LeasedInstance::new)
                    .flatMap(instance -> forward(placing, new DefaultResponse(instance), instance));
        }
        placing.request.explanation().ifPresent(told -> told.failed(why));
        return Mono.error(new FailedRequestException(why, null));
    }

    private Mono<Void> forward(Placing placing, Response<ServiceInstance> chosen, LeasedInstance instance) {
        ServerWebExchange exchange = placing.exchange;
        ProxiedRequest request = placing.request;
        exchange.getAttributes().put(GATEWAY_LOADBALANCER_RESPONSE_ATTR, chosen);
        exchange.getAttributes().put(GATEWAY_REQUEST_URL_ATTR, instance.urlFor(exchange));
        return placing.chain
                .filter(exchange)
                .doOnError(failure -> !(failure instanceof TakenElsewhere), request.attempts()::failed)
                .doOnCancel(
                        () -> request.attempts().aborted(Reason.CLIENT_ABORTED)) // the client, or a filter's time limit
                .onErrorResume(failure -> resume(placing, failure));
    }

    private Mono<Void> resume(Placing placing, Throwable failure) {
        if (failure instanceof TakenElsewhere taken) {
            return goOn(placing, new LeasedInstance(taken.lease()));
        }
        return failure instanceof FailedRequestException told ? again(placing, told) : Mono.error(failure);
    }

    private Mono<Void> again(Placing placing, FailedRequestException failure) {
        Retry retry = repeats.after(failure.why(), placing.exchange, placing.request);
        if (!retry.granted()) {
            return Mono.error(failure);
        }
        return Repeats.inTime(retry, placing.exchange, Mono.defer(() -> choose(placing)))
                .filter(chosen -> chosen.getServer() instanceof LeasedInstance)
                .switchIfEmpty(Mono.error(failure)) // nobody else: the client is told of the first failure
                .flatMap(chosen -> retry(placing, (LeasedInstance) Objects.requireNonNull(chosen.getServer())));
    }

    private Mono<Void> retry(Placing placing, LeasedInstance instance) {
        placing.request.attempts().hold(instance.lease());
        return goOn(placing, instance);
    }

    /** With the backend that it holds now. */
    private Mono<Void> goOn(Placing placing, LeasedInstance instance) {
        repeats.sent(placing.request);
        placing.exchange.getAttributes().remove(GATEWAY_ALREADY_ROUTED_ATTR);
        return forward(placing, new DefaultResponse(instance), instance);
    }

    /** One request on its way through the rest of the filters. */
    private record Placing(ServerWebExchange exchange, GatewayFilterChain chain, String pool, ProxiedRequest request) {}
}
