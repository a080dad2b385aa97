package io.velo.gateway;

import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.isAlreadyRouted;
import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.setAlreadyRouted;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.velo.pool.Lease;
import io.velo.websocket.Session;
import io.velo.websocket.SessionTerms;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.core.Ordered;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerResponse;

/**
 * Asks a backend for a WebSocket and makes client and backend the ends of a {@link Session}, as the express lane does. Takes the
 * place of the gateway's own filter, which would take all frames apart and make new ones.
 */
final class SessionFilter implements GlobalFilter, Ordered {

    private static final String ASKED = SessionFilter.class.getName() + ".asked";
    private static final String SESSION = SessionFilter.class.getName() + ".session";

    private final BackendClients clients;
    private final DirectUpstream direct;

    SessionFilter(BackendClients clients, DirectUpstream direct) {
        this.clients = clients;
        this.direct = direct;
    }

    @Override
    public int getOrder() {
        return Ordered.LOWEST_PRECEDENCE - 2; // just before the gateway's own for WebSockets
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        String upgrade = exchange.getRequest().getHeaders().getUpgrade();
        if (upgrade == null || !upgrade.equalsIgnoreCase("websocket") || isAlreadyRouted(exchange)) {
            return chain.filter(exchange);
        }
        Lease lease = ProxiedRequest.of(exchange).flatMap(ProxiedRequest::lease).orElse(null);
        if (lease == null || lease.ended() || !direct.takes(exchange, lease)) {
            return chain.filter(exchange);
        }
        setAlreadyRouted(exchange);
        exchange.getAttributes().put(ASKED, true);
        return direct.send(exchange, lease, ForwardFilter.times(clients.of(lease.backend()), exchange))
                .then(Mono.defer(() -> open(exchange)))
                .then(chain.filter(exchange));
    }

    /** Whether the backend is asked for a WebSocket. */
    static boolean asked(ServerWebExchange exchange) {
        return exchange.getAttributes().containsKey(ASKED);
    }

    /** The backend has agreed to one. */
    static void begin(ServerWebExchange exchange, Session session) {
        exchange.getAttributes().put(SESSION, session);
    }

    /** Once the filters have said what they have to say about the answer. */
    private Mono<Void> open(ServerWebExchange exchange) {
        Session session = exchange.getAttribute(SESSION);
        return session == null
                ? Mono.empty()
                : exchange.getResponse().setComplete().then(Mono.fromRunnable(() -> open(exchange, session)));
    }

    private void open(ServerWebExchange exchange, Session session) {
        ProxiedRequest request = ProxiedRequest.of(exchange).orElseThrow();
        Lease lease = request.lease().orElseThrow();
        SessionTerms terms = new SessionTerms(
                lease.backend(), clients.of(lease.backend()).settings().webSocketIdle(), request::sessionEnded);
        HttpServerResponse answer = ServerHttpResponseDecorator.getNativeResponse(exchange.getResponse());
        HttpResponse switching = switching(answer.responseHeaders());
        answer.withConnection(client -> {
            Channel channel = client.channel();
            request.becomeTunnel();
            if (channel.eventLoop().inEventLoop()) {
                session.open(channel, switching, terms);
            } else {
                channel.eventLoop().execute(() -> session.open(channel, switching, terms));
            }
        });
    }

    private static HttpResponse switching(HttpHeaders fields) {
        HttpHeaders copy = new DefaultHttpHeaders()
                .add(fields)
                .remove(HttpHeaderNames.CONTENT_LENGTH)
                .remove(HttpHeaderNames.TRANSFER_ENCODING)
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE)
                .set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET);
        return new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.SWITCHING_PROTOCOLS, copy);
    }
}
