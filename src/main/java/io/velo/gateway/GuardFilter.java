package io.velo.gateway;

import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.GATEWAY_ROUTE_ATTR;

import io.netty.handler.codec.http.HttpHeaders;
import io.velo.access.Guard;
import io.velo.access.Identity;
import io.velo.access.Verdict;
import io.velo.wire.Identification;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.core.Ordered;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.Connection;
import reactor.netty.http.server.HttpServerRequest;

/** Lets pass who may. Who did is an attribute of the exchange: {@link Identity#ATTRIBUTE}. */
final class GuardFilter implements GlobalFilter, Ordered {

    private static final String JUDGED = GuardFilter.class.getName();

    private final Guard guard;

    GuardFilter(Guard guard) {
        this.guard = guard;
    }

    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE + 3; // inside of what sheds, which is cheaper to ask
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        if (guard.off() || exchange.getAttributes().putIfAbsent(JUDGED, true) != null) {
            return chain.filter(exchange); // the latter is a fallback inside the same exchange
        }
        ProxiedRequest request = ProxiedRequest.of(exchange).orElseThrow();
        Route route = exchange.getRequiredAttribute(GATEWAY_ROUTE_ATTR);
        Verdict verdict = guard.judge(new ExchangeAccess(exchange.getRequest(), request), route.getId());
        return verdict instanceof Verdict.Pending pending
                ? Mono.fromCompletionStage(pending.decision())
                        .publishOn(eventLoop(exchange)) // not on that of who was asked
                        .flatMap(known -> decided(known, exchange, chain))
                : decided((Verdict.Decision) verdict, exchange, chain);
    }

    private static Scheduler eventLoop(ServerWebExchange exchange) {
        HttpServerRequest client = ServerHttpRequestDecorator.getNativeRequest(exchange.getRequest());
        return Schedulers.fromExecutor(((Connection) client).channel().eventLoop());
    }

    private static Mono<Void> decided(Verdict.Decision decision, ServerWebExchange exchange, GatewayFilterChain chain) {
        if (decision instanceof Verdict.Allow allowed) {
            allowed.identity().ifPresent(identity -> identify(exchange, identity));
            return chain.filter(identified(exchange, allowed));
        }
        return Mono.error(new RefusedRequestException(((Verdict.Refuse) decision).refusal()));
    }

    private static void identify(ServerWebExchange exchange, Identity identity) {
        exchange.getAttributes().put(Identity.ATTRIBUTE, identity);
        ProxiedRequest.of(exchange).ifPresent(request -> request.identify(identity));
    }

    private static ServerWebExchange identified(ServerWebExchange exchange, Verdict.Allow allowed) {
        if (!Identification.isDue(allowed, HeaderFilters.fieldsOf(exchange.getRequest()))) {
            return exchange;
        }
        HttpHeaders told = HeaderFilters.copyOf(exchange.getRequest());
        Identification.apply(allowed, told);
        return exchange.mutate()
                .request(new IdentifiedRequest(exchange.getRequest(), told))
                .build();
    }
}
