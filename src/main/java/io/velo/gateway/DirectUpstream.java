package io.velo.gateway;

import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.CLIENT_RESPONSE_ATTR;
import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.CLIENT_RESPONSE_CONN_ATTR;
import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.CLIENT_RESPONSE_HEADER_NAMES;
import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.GATEWAY_REQUEST_URL_ATTR;
import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.ORIGINAL_RESPONSE_CONTENT_TYPE_ATTR;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.velo.backend.Backend;
import io.velo.http.RetryAfter;
import io.velo.pool.Lease;
import io.velo.proxyprotocol.ProxyProtocol;
import io.velo.websocket.Sessions;
import io.velo.wire.BackendConnections;
import io.velo.wire.ClientGuards;
import io.velo.wire.FailureReasons;
import io.velo.wire.RawTargetHeaders;
import java.net.URI;
import java.util.AbstractSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.http.support.Netty4HeadersAdapter;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * Sends requests to backends on connections that belong to the client's own event loop, so that a request stays on
 * one thread, and hands the answer to the filters as the gateway's own client would.
 */
final class DirectUpstream {

    private static final String PLAIN_RESPONSE = "org.springframework.http.server.reactive.ReactorServerHttpResponse";

    private final BackendConnections connections;
    private final HeaderFilters headerFilters;
    private final Repeats repeats;
    private final Sessions sessions;
    private final boolean enabled;

    /**
     * @param sessions where connections go whose backends switch to WebSocket
     * @param enabled false if the application shapes the gateway's HTTP client, which these connections are none of
     */
    DirectUpstream(
            BackendConnections connections,
            HeaderFilters headerFilters,
            Repeats repeats,
            Sessions sessions,
            boolean enabled) {
        this.connections = connections;
        this.headerFilters = headerFilters;
        this.repeats = repeats;
        this.sessions = sessions;
        this.enabled = enabled;
    }

    /** Whether a request can go this way: no filter has sent it elsewhere, and nobody else has a say. */
    boolean takes(ServerWebExchange exchange, Lease lease) {
        URI url = exchange.getRequiredAttribute(GATEWAY_REQUEST_URL_ATTR);
        LeasedInstance instance = new LeasedInstance(lease);
        boolean tellsClients = connections.settings(lease.backend().pool()).proxyProtocol() != ProxyProtocol.NONE;
        return (enabled || tellsClients)
                && instance.getScheme().equals(url.getScheme())
                && instance.authority().equals(url.getRawAuthority());
    }

    /** Sends it and waits for the head of the answer. */
    Mono<Void> send(ServerWebExchange exchange, Lease lease, BackendTimes times) {
        HttpServerRequest client = ServerHttpRequestDecorator.getNativeRequest(exchange.getRequest());
        Channel channel = ((Connection) client).channel();
        Backend backend = lease.backend();
        BackendRequest request = new BackendRequest(
                exchange,
                target(exchange, client),
                headerFilters.request(exchange),
                connections.settings(backend.pool()).mayShare(lease.pool()));
        boolean session = SessionFilter.asked(exchange);
        boolean hedges = request.bodyless() && lease.pool().retries().hedge() && !session;
        BackendTurn turn = new BackendTurn(
                () -> session ? connections.switching(backend, channel) : connections.of(backend, channel),
                request,
                times,
                head -> ClientGuards.interim(channel, head),
                hedges ? hedge(exchange, lease, channel) : null);
        if (!lease.pool().retries().concernAnswers()) {
            return new BackendCall(turn, channel, call -> accept(exchange, call), sessions);
        }
        BackendCall call = new BackendCall(turn, channel, answered -> {}, sessions);
        return call.then(Mono.defer(() -> repeats.settle(exchange, new Held(exchange, call))));
    }

    private @Nullable Hedge hedge(ServerWebExchange exchange, Lease first, Channel client) {
        Hedge hedge = new Hedge(
                exchange,
                ProxiedRequest.of(exchange).orElseThrow(),
                first,
                repeats,
                backend -> connections.of(backend, client));
        return hedge.delayNanos() > 0 ? hedge : null;
    }

    /** The client's target, byte for byte unless a filter has changed it. */
    private static String target(ServerWebExchange exchange, HttpServerRequest client) {
        URI url = exchange.getRequiredAttribute(GATEWAY_REQUEST_URL_ATTR);
        String target = url.getRawQuery() == null ? url.getRawPath() : url.getRawPath() + "?" + url.getRawQuery();
        return client.requestHeaders() instanceof RawTargetHeaders raw && target.equals(client.uri())
                ? raw.target()
                : target;
    }

    private void accept(ServerWebExchange exchange, BackendCall call) {
        BackendAnswer answer = call.answer();
        Map<String, Object> attributes = exchange.getAttributes();
        attributes.put(CLIENT_RESPONSE_ATTR, answer);
        call.session()
                .ifPresentOrElse(
                        session -> SessionFilter.begin(exchange, session),
                        () -> attributes.put(CLIENT_RESPONSE_CONN_ATTR, new AnswerConnection(call.channel(), call)));
        ProxiedRequest request = ProxiedRequest.of(exchange).orElseThrow();
        request.headArrived(GrpcCalls.status(exchange, answer), call::abandon);
        GrpcCalls.answered(exchange, request, answer);
        request.body().forget();
        String contentType = answer.responseHeaders().get(HttpHeaderNames.CONTENT_TYPE);
        if (contentType != null) {
            attributes.put(ORIGINAL_RESPONSE_CONTENT_TYPE_ATTR, contentType);
        }
        ServerHttpResponse response = exchange.getResponse();
        response.setRawStatusCode(call.clientStatus());
        HttpHeaders fields = headerFilters.response(exchange, answer.responseHeaders());
        attributes.put(CLIENT_RESPONSE_HEADER_NAMES, new FieldNames(fields));
        pass(fields, response);
        AffinityCookies.bind(exchange, request);
    }

    /** As long as no filter has put something in front of the response, Netty's own fields are at hand. */
    private static void pass(HttpHeaders fields, ServerHttpResponse response) {
        if (response.getClass().getName().equals(PLAIN_RESPONSE)) {
            HttpServerResponse plain = ServerHttpResponseDecorator.getNativeResponse(response);
            plain.responseHeaders().add(fields);
        } else {
            fields.forEach(field -> response.getHeaders().add(field.getKey(), field.getValue()));
        }
    }

    private final class Held implements HeldAnswer {

        private final ServerWebExchange exchange;
        private final BackendCall call;

        Held(ServerWebExchange exchange, BackendCall call) {
            this.exchange = exchange;
            this.call = call;
        }

        @Override
        public int status() {
            return GrpcCalls.status(exchange, call.answer());
        }

        @Override
        public String retryAfter() {
            return call.answer().responseHeaders().get(RetryAfter.FIELD, "");
        }

        @Override
        public void passOn() {
            try {
                accept(exchange, call);
            } catch (RuntimeException e) {
                call.abandon();
                throw new FailedRequestException(FailureReasons.of(e), e); // no answer can be made of it
            }
        }

        @Override
        public void drop() {
            call.abandon();
        }
    }

    /** The names of fields, found when somebody asks for them. */
    private static final class FieldNames extends AbstractSet<String> {

        private final HttpHeaders fields;

        FieldNames(HttpHeaders fields) {
            this.fields = fields;
        }

        @Override
        public Iterator<String> iterator() {
            return names().iterator();
        }

        @Override
        public int size() {
            return names().size();
        }

        @Override
        public boolean contains(Object name) {
            return name instanceof String text && fields.contains(text);
        }

        private Set<String> names() {
            return new org.springframework.http.HttpHeaders(new Netty4HeadersAdapter(fields)).headerNames();
        }
    }
}
