package io.velo.gateway;

import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.GATEWAY_ROUTE_ATTR;

import io.velo.http.ForwardedFor;
import io.velo.route.RequestEnd;
import io.velo.route.RequestListener;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.core.Ordered;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;

/**
 * The outermost filter: sees a request end after its body has been written, and in whatever way, and ends its lease.
 * The gateway's own hooks sit at the head of the answer and miss cancellation.
 */
final class AccountingFilter implements GlobalFilter, Ordered {

    private final List<RequestListener> listeners;
    private final Function<ServerHttpRequest, ForwardedFor> forwardedFor;
    private final LongSupplier nanos;

    AccountingFilter(
            List<RequestListener> listeners,
            Function<ServerHttpRequest, ForwardedFor> forwardedFor,
            LongSupplier nanos) {
        this.listeners = List.copyOf(listeners);
        this.forwardedFor = forwardedFor;
        this.nanos = nanos;
    }

    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        if (ProxiedRequest.of(exchange).isPresent()) {
            return chain.filter(
                    exchange); // a fallback forwards inside the same exchange, and that is accounted for already
        }
        Route route = exchange.getAttribute(GATEWAY_ROUTE_ATTR);
        ProxiedRequest request = new ProxiedRequest(
                route == null ? RequestEnd.NONE : route.getId(),
                forwardedFor.apply(exchange.getRequest()),
                nanos.getAsLong());
        request.attachTo(exchange);
        return chain.filter(exchange).doOnError(request::note).doFinally(signal -> end(exchange, request, signal));
    }

    private void end(ServerWebExchange exchange, ProxiedRequest request, SignalType signal) {
        RequestEnd end = endOf(exchange, request, signal);
        listeners.forEach(listener -> listener.ended(end));
    }

    private RequestEnd endOf(ServerWebExchange exchange, ProxiedRequest request, SignalType signal) {
        if (signal == SignalType.CANCEL) {
            return request.cancelled(nanos.getAsLong());
        }
        if (signal == SignalType.ON_ERROR) {
            return request.failed(nanos.getAsLong());
        }
        HttpStatusCode status = exchange.getResponse().getStatusCode();
        return request.completed(status == null ? 200 : status.value(), nanos.getAsLong());
    }
}
