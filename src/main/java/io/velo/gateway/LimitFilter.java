package io.velo.gateway;

import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.GATEWAY_ROUTE_ATTR;

import io.netty.channel.EventLoop;
import io.velo.backend.Reason;
import io.velo.limit.Admission;
import io.velo.limit.RateLimits;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.netty.Connection;
import reactor.netty.http.server.HttpServerRequest;

/** Lets requests pass as far as the limits of their route do, before any other filter has had a hand in them. */
final class LimitFilter implements GlobalFilter, Ordered {

    private static final String CLAIM = Claim.class.getName();

    private final RateLimits limits;

    LimitFilter(RateLimits limits) {
        this.limits = limits;
    }

    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE + 4; // inside of the guard, which knows whose requests these are
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        Route route = exchange.getAttribute(GATEWAY_ROUTE_ATTR);
        if (route == null || !limits.concern(route.getId()) || exchange.getAttribute(CLAIM) != null) {
            return chain.filter(exchange); // the last is a fallback inside the same exchange
        }
        Claim claim = new Claim();
        exchange.getAttributes().put(CLAIM, claim);
        return decision(exchange, route.getId(), claim).flatMap(admission -> goOn(exchange, chain, admission));
    }

    private Mono<Admission> decision(ServerWebExchange exchange, String route, Claim claim) {
        ExchangeView view =
                ExchangeView.of(exchange, ProxiedRequest.of(exchange).orElseThrow());
        EventLoop eventLoop = eventLoopOf(exchange);
        return Mono.create(sink -> limits.decide(route, view, admission -> {
            claim.hold(admission);
            tell(sink, admission, eventLoop);
        }));
    }

    /** The rest of the way is on the event loop of the client, whoever had to be asked. */
    private static void tell(MonoSink<Admission> sink, Admission admission, EventLoop eventLoop) {
        if (eventLoop.inEventLoop()) {
            sink.success(admission);
        } else {
            eventLoop.execute(() -> sink.success(admission));
        }
    }

    private static EventLoop eventLoopOf(ServerWebExchange exchange) {
        HttpServerRequest client = ServerHttpRequestDecorator.getNativeRequest(exchange.getRequest());
        return ((Connection) client).channel().eventLoop();
    }

    private static Mono<Void> goOn(ServerWebExchange exchange, GatewayFilterChain chain, Admission admission) {
        HttpHeaders fields = exchange.getResponse().getHeaders();
        exchange.getResponse().beforeCommit(() -> Mono.fromRunnable(() -> admission.tell(fields::set)));
        return admission.granted()
                ? chain.filter(exchange)
                : Mono.error(new FailedRequestException(Reason.HTTP_REQUEST_DENIED, null));
    }

    /** A request has ended, whether it came under limits or not. */
    static void ended(ServerWebExchange exchange) {
        if (exchange.getAttribute(CLAIM) instanceof Claim claim) {
            claim.end();
        }
    }

    /** What a request holds of its limits: it may end before they have decided. */
    private static final class Claim {

        private @Nullable Admission held;
        private boolean over;

        synchronized void hold(Admission admission) {
            held = admission;
            if (over) {
                admission.end();
            }
        }

        synchronized void end() {
            over = true;
            if (held != null) {
                held.end();
            }
        }
    }
}
