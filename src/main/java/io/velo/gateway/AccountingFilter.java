package io.velo.gateway;

import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.GATEWAY_ROUTE_ATTR;

import io.velo.backend.Outcome;
import io.velo.backend.Reason;
import io.velo.grpc.GrpcDeadline;
import io.velo.http.ForwardedFor;
import io.velo.route.RequestEnd;
import io.velo.wire.ClientGuards;
import io.velo.wire.Recording;
import io.velo.wire.UpstreamSettings;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.core.Ordered;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;
import reactor.core.scheduler.Scheduler;
import reactor.netty.FutureMono;
import reactor.netty.http.server.HttpServerResponse;

/**
 * The outermost filter: sees a request end after its body has been written, and in whatever way, and ends its lease.
 * The gateway's own hooks sit at the head of the answer and miss cancellation.
 */
final class AccountingFilter implements GlobalFilter, Ordered {

    private final Endings endings;
    private final Function<ServerHttpRequest, ForwardedFor> forwardedFor;
    private final BackendClients clients;
    private final Scheduler timers;

    AccountingFilter(
            Endings endings,
            Function<ServerHttpRequest, ForwardedFor> forwardedFor,
            BackendClients clients,
            Scheduler timers) {
        this.endings = endings;
        this.forwardedFor = forwardedFor;
        this.clients = clients;
        this.timers = timers;
    }

    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        if (ProxiedRequest.of(exchange).isPresent()) {
            // a fallback forwards inside the same exchange, and that is accounted for already
            return chain.filter(exchange);
        }
        Route route = exchange.getAttribute(GATEWAY_ROUTE_ATTR);
        Optional<Recording> recording = endings.take(exchange);
        ProxiedRequest request = new ProxiedRequest(
                route == null ? RequestEnd.NONE : route.getId(),
                forwardedFor.apply(exchange.getRequest()),
                recording.flatMap(Recording::trace),
                endings.nanoTime());
        request.attachTo(exchange);
        request.whenSessionEnds(() -> end(exchange, request, recording, SignalType.ON_COMPLETE));
        return bounded(chain.filter(exchange), exchange, request)
                .then(Mono.defer(() -> untilCancelled(request)))
                .doOnError(request.attempts()::note)
                .doFinally(signal -> {
                    if (!request.inSession()) {
                        end(exchange, request, recording, signal);
                    }
                })
                .onErrorResume(
                        failure -> exchange.getResponse().isCommitted(), failure -> cutOff(exchange.getResponse()));
    }

    /** Reactor Netty must not end the answer of a connection that is a session's, but with that it cancels this. */
    private static Mono<Void> untilCancelled(ProxiedRequest request) {
        return request.isTunnel() ? Mono.never() : Mono.empty();
    }

    /** The head is out, so nothing can be said any more: cutting connection or stream keeps a truncated answer from looking whole. */
    private static Mono<Void> cutOff(ServerHttpResponse response) {
        HttpServerResponse connection = ServerHttpResponseDecorator.getNativeResponse(response);
        AtomicReference<Mono<Void>> closed = new AtomicReference<>(Mono.empty());
        connection.withConnection(
                each -> closed.set(FutureMono.deferFuture(() -> each.channel().close())));
        return closed.get();
    }

    /** Bounds the whole request if its pool says so, or the client of a call. */
    private Mono<Void> bounded(Mono<Void> handling, ServerWebExchange exchange, ProxiedRequest request) {
        Duration own = requestTimeout(exchange.getAttribute(GATEWAY_ROUTE_ATTR));
        GrpcDeadline asked = GrpcCalls.deadline(exchange);
        Duration limit = asked.or(own);
        return limit.isZero()
                ? handling
                : bounded(handling, limit, () -> request.attempts().overdue(asked.before(own)));
    }

    private Mono<Void> bounded(Mono<Void> handling, Duration limit, Runnable overdue) {
        FailedRequestException late = new FailedRequestException(Reason.HTTP_RESPONSE_TIMEOUT, null);
        return handling.timeout(Mono.delay(limit, timers).doOnNext(over -> overdue.run()), Mono.error(late));
    }

    /** Zero for none. */
    private Duration requestTimeout(@Nullable Route route) {
        return route == null || !"lb".equals(route.getUri().getScheme())
                ? Duration.ZERO
                : clients.settings(route.getUri().getHost())
                        .map(UpstreamSettings::requestTimeout)
                        .orElse(Duration.ZERO);
    }

    private void end(
            ServerWebExchange exchange, ProxiedRequest request, Optional<Recording> recording, SignalType signal) {
        RequestEnd seen = endOf(exchange, request, signal);
        RequestEnd end = seen.kind() == Outcome.Kind.ABORTED && bodyBroke(exchange) ? seen.refused() : seen;
        CanaryFilter.ended(exchange, end.kindForPool());
        LimitFilter.ended(exchange);
        endings.ended(end, recording, request.attempts().tried());
    }

    /** To the filters a malformed body looks as if the client had left. */
    private static boolean bodyBroke(ServerWebExchange exchange) {
        HttpServerResponse response = ServerHttpResponseDecorator.getNativeResponse(exchange.getResponse());
        AtomicBoolean broke = new AtomicBoolean();
        response.withConnection(connection -> broke.set(ClientGuards.bodyBroke(connection.channel())));
        return broke.get();
    }

    private RequestEnd endOf(ServerWebExchange exchange, ProxiedRequest request, SignalType signal) {
        if (signal == SignalType.CANCEL) {
            return request.cancelled(endings.nanoTime());
        }
        if (signal == SignalType.ON_ERROR) {
            return request.failed(endings.nanoTime());
        }
        HttpStatusCode status = exchange.getResponse().getStatusCode();
        return request.completed(status == null ? 200 : status.value(), endings.nanoTime());
    }
}
