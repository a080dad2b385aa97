package io.velo.gateway;

import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.CLIENT_RESPONSE_ATTR;
import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.CLIENT_RESPONSE_CONN_ATTR;
import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.CLIENT_RESPONSE_HEADER_NAMES;
import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.GATEWAY_ROUTE_ATTR;
import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.ORIGINAL_RESPONSE_CONTENT_TYPE_ATTR;
import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.isAlreadyRouted;
import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.setAlreadyRouted;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpMethod;
import io.velo.backend.Reason;
import io.velo.http.RetryAfter;
import io.velo.pool.Lease;
import io.velo.wire.FailureReasons;
import java.time.Duration;
import java.util.Objects;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.filter.headers.HttpHeadersFilter;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.support.RouteMetadataUtils;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.netty.Connection;
import reactor.netty.channel.ChannelOperations;
import reactor.netty.http.client.HttpClientResponse;

/**
 * Sends a request that holds a lease to its backend and waits for the head of the answer, which the filters may then change;
 * {@link WriteFilter} passes the body on. Takes the place of the gateway's own routing filter for such requests, and leaves
 * the same attributes behind.
 */
final class ForwardFilter implements GlobalFilter, Ordered {

    private static final Duration NEVER = Duration.ofDays(365);

    private final BackendClients clients;
    private final DirectUpstream direct;
    private final HeaderFilters headerFilters;
    private final Repeats repeats;
    private final Scheduler timers;

    ForwardFilter(
            BackendClients clients,
            DirectUpstream direct,
            HeaderFilters headerFilters,
            Repeats repeats,
            Scheduler timers) {
        this.clients = clients;
        this.direct = direct;
        this.headerFilters = headerFilters;
        this.repeats = repeats;
        this.timers = timers;
    }

    @Override
    public int getOrder() {
        return Ordered.LOWEST_PRECEDENCE - 1; // just before the gateway's own
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        Lease lease = ProxiedRequest.of(exchange).flatMap(ProxiedRequest::lease).orElse(null);
        if (lease == null || lease.ended() || isAlreadyRouted(exchange) || isWebSocket(exchange)) {
            return chain.filter(exchange);
        }
        setAlreadyRouted(exchange);
        Mono<Void> answered = direct.takes(exchange, lease)
                ? direct.send(exchange, lease, times(clients.of(lease.backend()), exchange))
                : send(exchange, lease);
        return answered.then(chain.filter(exchange));
    }

    private static boolean isWebSocket(ServerWebExchange exchange) {
        return "websocket".equalsIgnoreCase(exchange.getRequest().getHeaders().getUpgrade());
    }

    static BackendTimes times(BackendClient client, ServerWebExchange exchange) {
        return new BackendTimes(
                responseTimeout(client, exchange), client.settings().attemptTimeout());
    }

    private Mono<Void> send(ServerWebExchange exchange, Lease lease) {
        BackendClient client = clients.of(lease.backend());
        UpstreamRequest request = new UpstreamRequest(exchange, filteredRequestHeaders(exchange));
        Sinks.Empty<Void> sent = Sinks.empty();
        Sinks.Empty<Void> answered = Sinks.empty();
        return client.http()
                .request(HttpMethod.valueOf(exchange.getRequest().getMethod().name()))
                .uri(request.uri())
                .send((upstream, outbound) -> {
                    ProxiedRequest.of(exchange)
                            .ifPresent(proxied -> proxied.attempts().connected(true));
                    return request.write(upstream, outbound, sent::tryEmitEmpty);
                })
                .responseConnection((head, connection) -> {
                    answered.tryEmitEmpty();
                    return repeats.settle(exchange, new Held(exchange, head, connection))
                            .thenReturn(head);
                })
                .timeout(late(times(client, exchange), sent.asMono(), answered.asMono()))
                .onErrorMap(ForwardFilter::told)
                .then();
    }

    /** Says something when the head of the answer is late, and otherwise nothing at all. */
    private Mono<Long> late(BackendTimes times, Mono<Void> sent, Mono<Void> answered) {
        Mono<Long> response = sent.then(Mono.delay(times.response(), timers));
        Mono<Long> late = times.attempt().isZero()
                ? response
                : Mono.firstWithSignal(response, Mono.delay(times.attempt(), timers));
        return late.takeUntilOther(answered).switchIfEmpty(Mono.never());
    }

    private static Throwable told(Throwable failure) {
        if (failure instanceof FailedRequestException || failure instanceof TakenElsewhere) {
            return failure;
        }
        Reason why = ClientGone.causedBy(failure) ? Reason.CLIENT_ABORTED : FailureReasons.of(failure);
        return new FailedRequestException(why, failure);
    }

    private HttpHeaders filteredRequestHeaders(ServerWebExchange exchange) {
        return HttpHeadersFilter.filterRequest(headerFilters.all(), exchange);
    }

    /** The route's own {@code response-timeout}, in milliseconds and negative for none, goes before the pool's. */
    private static Duration responseTimeout(BackendClient client, ServerWebExchange exchange) {
        Route route = exchange.getAttribute(GATEWAY_ROUTE_ATTR);
        Object own = route == null ? null : route.getMetadata().get(RouteMetadataUtils.RESPONSE_TIMEOUT_ATTR);
        if (own == null) {
            return client.settings().responseTimeout();
        }
        Duration limit = Duration.ofMillis(Long.parseLong(own.toString()));
        return limit.isNegative() ? NEVER : limit;
    }

    private void accept(ServerWebExchange exchange, HttpClientResponse head, Connection connection) {
        exchange.getAttributes().put(CLIENT_RESPONSE_ATTR, head);
        exchange.getAttributes().put(CLIENT_RESPONSE_CONN_ATTR, connection);
        ProxiedRequest request = ProxiedRequest.of(exchange).orElseThrow();
        request.headArrived(GrpcCalls.status(exchange, head), () -> {
            if (!request.answer().isBodyComplete()) {
                cut(connection);
            }
        });
        GrpcCalls.answered(exchange, request, head);
        ServerHttpResponse response = exchange.getResponse();
        response.setRawStatusCode(head.status().code());
        response.getHeaders().addAll(filteredResponseHeaders(exchange, head));
        AffinityCookies.bind(exchange, request);
    }

    /** Closes a connection unless it has gone back to its pool meanwhile, where it may serve another request by now. */
    private static void cut(Connection connection) {
        Channel channel = connection.channel();
        channel.eventLoop().execute(() -> {
            if (Objects.equals(ChannelOperations.get(channel), connection)) {
                channel.close();
            }
        });
    }

    private HttpHeaders filteredResponseHeaders(ServerWebExchange exchange, HttpClientResponse head) {
        HttpHeaders headers = new HttpHeaders();
        head.responseHeaders().forEach(field -> headers.add(field.getKey(), field.getValue()));
        String contentType = headers.getFirst(HttpHeaders.CONTENT_TYPE);
        if (contentType != null) {
            exchange.getAttributes().put(ORIGINAL_RESPONSE_CONTENT_TYPE_ATTR, contentType);
        }
        HttpHeaders filtered =
                HttpHeadersFilter.filter(headerFilters.all(), headers, exchange, HttpHeadersFilter.Type.RESPONSE);
        exchange.getAttributes().put(CLIENT_RESPONSE_HEADER_NAMES, filtered.headerNames());
        return filtered;
    }

    private final class Held implements HeldAnswer {

        private final ServerWebExchange exchange;
        private final HttpClientResponse head;
        private final Connection connection;

        Held(ServerWebExchange exchange, HttpClientResponse head, Connection connection) {
            this.exchange = exchange;
            this.head = head;
            this.connection = connection;
        }

        @Override
        public int status() {
            return GrpcCalls.status(exchange, head);
        }

        @Override
        public String retryAfter() {
            return head.responseHeaders().get(RetryAfter.FIELD, "");
        }

        @Override
        public void passOn() {
            accept(exchange, head, connection);
        }

        @Override
        public void drop() {
            cut(connection);
        }
    }
}
