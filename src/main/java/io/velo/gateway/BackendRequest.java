package io.velo.gateway;

import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.PRESERVE_HOST_HEADER_ATTRIBUTE;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.velo.pool.Lease;
import io.velo.pool.Retries;
import io.velo.wire.Replay;
import java.util.Set;
import org.springframework.web.server.ServerWebExchange;

/** A request as it goes to the backend: the client's own, apart from what the filters and the rules for proxies change. */
final class BackendRequest {

    private static final Set<HttpMethod> USUALLY_BODYLESS = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.DELETE);

    private static final String SENT = BackendRequest.class.getName();

    private final ServerWebExchange exchange;
    private final ProxiedRequest request;
    private final HttpRequest head;
    private final boolean bodyless;
    private final boolean ownHost;
    private final boolean refusable;

    /**
     * @param target path and query
     * @param fields what the header filters have left; becomes part of the head
     * @param refusable whether a backend may refuse it unseen
     */
    BackendRequest(ServerWebExchange exchange, String target, HttpHeaders fields, boolean refusable) {
        this.exchange = exchange;
        this.refusable = refusable;
        this.request = ProxiedRequest.of(exchange).orElseThrow();
        this.ownHost = exchange.getAttributeOrDefault(PRESERVE_HOST_HEADER_ATTRIBUTE, false);
        boolean chunked = exchange.getRequest().getHeaders().containsHeader("Transfer-Encoding");
        fields.remove(HttpHeaderNames.TRANSFER_ENCODING);
        if (chunked) {
            fields.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        }
        String length = fields.get(HttpHeaderNames.CONTENT_LENGTH, "0");
        this.bodyless = !chunked && length.equals("0");
        if (bodyless && !USUALLY_BODYLESS.contains(method(exchange))) { // RFC 9110 section 8.6
            fields.set(HttpHeaderNames.CONTENT_LENGTH, HttpHeaderValues.ZERO);
        }
        if (SessionFilter.asked(exchange)) {
            fields.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE);
            fields.set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET);
        }
        this.head = headOf(method(exchange), target, fields, bodyless);
        if (ownHost) {
            fields.set(HttpHeaderNames.HOST, clientsHost());
        }
    }

    private static HttpMethod method(ServerWebExchange exchange) {
        return HttpMethod.valueOf(exchange.getRequest().getMethod().name());
    }

    private static HttpRequest headOf(HttpMethod method, String target, HttpHeaders fields, boolean whole) {
        return whole
                ? new DefaultFullHttpRequest(
                        HttpVersion.HTTP_1_1, method, target, Unpooled.EMPTY_BUFFER, fields, EmptyHttpHeaders.INSTANCE)
                : new DefaultHttpRequest(HttpVersion.HTTP_1_1, method, target, fields);
    }

    private String clientsHost() {
        String host = exchange.getRequest().getHeaders().getFirst("Host");
        return host == null ? "" : host;
    }

    /** Whether the head is all there is. */
    boolean bodyless() {
        return bodyless;
    }

    /** Whether it may be sent a second time without the client's knowing. */
    boolean repeatable() {
        return Retries.repeatable(new ExchangeView(exchange.getRequest(), request));
    }

    /** Whether the client's request hasn't been sent to a backend before; call it once for each time that it is. */
    boolean firstToSend() {
        return exchange.getAttributes().putIfAbsent(SENT, true) == null;
    }

    /** There is a connection, which may have had to be waited for. */
    void connected(boolean waited) {
        request.attempts().connected(waited);
    }

    HttpRequest head() {
        return head;
    }

    /** The head for the backend of that authority. */
    HttpRequest headFor(CharSequence authority) {
        if (!ownHost) {
            head.headers().set(HttpHeaderNames.HOST, authority);
        }
        return head;
    }

    /** The same for one of two backends that are asked beside each other, and are told which attempt they are. */
    HttpRequest headFor(CharSequence authority, Lease attempt) {
        TraceFields.tell(attempt, exchange, head.headers()::set);
        return headFor(authority);
    }

    /** What sends its body, if it has one: the same for all attempts. */
    BodyUpload upload(Channel backend) {
        return request.body()
                .upload(() -> new BodyUpload(
                        exchange.getRequest().getBody(),
                        backend.eventLoop(),
                        new Replay(backend.alloc(), replayLimit())));
    }

    private long replayLimit() {
        return request.lease()
                .map(lease ->
                        lease.pool().retries().replayLimit(new ExchangeView(exchange.getRequest(), request), refusable))
                .orElse(0L);
    }
}
