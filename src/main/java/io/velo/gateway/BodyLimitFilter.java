package io.velo.gateway;

import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.GATEWAY_ROUTE_ATTR;

import io.velo.backend.Reason;
import io.velo.route.RouteTerms;
import io.velo.route.TermsByRoute;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.core.Ordered;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.publisher.SynchronousSink;

/** Refuses requests whose bodies are larger than their route takes: at once if they say so, otherwise when it turns out. */
final class BodyLimitFilter implements GlobalFilter, Ordered {

    private final TermsByRoute terms;

    BodyLimitFilter(TermsByRoute terms) {
        this.terms = terms;
    }

    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE + 5; // inside of the limits
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        Route route = exchange.getAttribute(GATEWAY_ROUTE_ATTR);
        if (route == null) {
            return chain.filter(exchange);
        }
        RouteTerms own = terms.of(route.getId());
        long declared = exchange.getRequest().getHeaders().getContentLength();
        if (own.maxBody() == 0 || (declared >= 0 && !own.excludes(declared))) {
            return chain.filter(exchange);
        }
        return declared >= 0 ? Mono.error(tooLarge()) : counted(exchange, chain, own);
    }

    private static FailedRequestException tooLarge() {
        return new FailedRequestException(Reason.REQUEST_TOO_LARGE, null);
    }

    private static Mono<Void> counted(ServerWebExchange exchange, GatewayFilterChain chain, RouteTerms own) {
        Sinks.Empty<Void> excess = Sinks.empty();
        ServerHttpRequest request = new Counted(exchange.getRequest(), own, excess);
        return Mono.firstWithSignal(
                excess.asMono(), chain.filter(exchange.mutate().request(request).build()));
    }

    /** Its body never ends once it is too large, so that no backend takes a part for the whole. */
    private static final class Counted extends ServerHttpRequestDecorator {

        private final RouteTerms terms;
        private final Sinks.Empty<Void> excess;
        private long seen;

        Counted(ServerHttpRequest request, RouteTerms terms, Sinks.Empty<Void> excess) {
            super(request);
            this.terms = terms;
            this.excess = excess;
        }

        @Override
        public Flux<DataBuffer> getBody() {
            return super.getBody().handle(this::count).concatWith(Mono.defer(this::end));
        }

        private void count(DataBuffer part, SynchronousSink<DataBuffer> fitting) {
            seen += part.readableByteCount();
            if (terms.excludes(seen)) {
                DataBufferUtils.release(part);
                excess.tryEmitError(tooLarge()); // cancels what reads this
            } else {
                fitting.next(part);
            }
        }

        private Mono<DataBuffer> end() {
            return terms.excludes(seen) ? Mono.never() : Mono.empty();
        }
    }
}
