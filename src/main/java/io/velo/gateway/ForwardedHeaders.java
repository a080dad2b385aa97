package io.velo.gateway;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpVersion;
import io.velo.http.ForwardedFor;
import io.velo.tls.ClientCertificates;
import io.velo.wire.UpstreamHead;
import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Predicate;
import org.springframework.cloud.gateway.filter.headers.HttpHeadersFilter;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.http.support.Netty4HeadersAdapter;
import org.springframework.web.server.ServerWebExchange;
import reactor.netty.Connection;
import reactor.netty.http.server.HttpServerRequest;

/**
 * Tells backends who the client is, by the rules of {@link UpstreamHead}. The gateway's own filters before it drop what
 * anybody says of others; what a trusted peer says is put back.
 */
final class ForwardedHeaders implements HttpHeadersFilter, Function<ServerHttpRequest, ForwardedFor>, Ordered {

    private static final int HTTP_3 = 3;
    private static final String FOR = "X-Forwarded-For";
    private static final String PREFIX = "x-forwarded-";
    private static final String FORWARDED = "forwarded";

    private final Predicate<String> trusted;
    private final ClientCertificates certificates;

    /**
     * @param trusted whether an address belongs to a trusted proxy
     * @param certificates whom clients have shown to be
     */
    ForwardedHeaders(Predicate<String> trusted, ClientCertificates certificates) {
        this.trusted = trusted;
        this.certificates = certificates;
    }

    @Override
    public int getOrder() {
        return Ordered.LOWEST_PRECEDENCE - 1; // after the gateway's own that remove, before users' own
    }

    @Override
    public ForwardedFor apply(ServerHttpRequest request) {
        InetSocketAddress peer = request.getRemoteAddress();
        String address = peer == null || peer.getAddress() == null
                ? "unknown"
                : peer.getAddress().getHostAddress();
        return ForwardedFor.of(address, request.getHeaders().getOrEmpty(FOR), trusted);
    }

    @Override
    public HttpHeaders filter(HttpHeaders input, ServerWebExchange exchange) {
        io.netty.handler.codec.http.HttpHeaders copy = new DefaultHttpHeaders();
        input.forEach(copy::add);
        return new HttpHeaders(new Netty4HeadersAdapter(tell(copy, exchange)));
    }

    /** Does the same in place. */
    io.netty.handler.codec.http.HttpHeaders tell(
            io.netty.handler.codec.http.HttpHeaders fields, ServerWebExchange exchange) {
        ServerHttpRequest request = exchange.getRequest();
        ForwardedFor forwarded =
                ProxiedRequest.of(exchange).map(ProxiedRequest::forwardedFor).orElseGet(() -> apply(request));
        if (forwarded.trustedPeer()) {
            putBack(request.getHeaders(), fields);
        }
        boolean secure = isSecure(request);
        UpstreamHead.prepare(fields, forwarded, secure, isHttp10(request), UpstreamHead.via(channelOf(request)));
        if (secure) {
            certificates.of(channelOf(request)).tell(fields);
        }
        return fields;
    }

    private static void putBack(HttpHeaders from, io.netty.handler.codec.http.HttpHeaders to) {
        from.forEach((name, values) -> {
            if (speaksForOthers(name)) {
                to.set(name, values);
            }
        });
    }

    private static Channel channelOf(ServerHttpRequest request) {
        Connection client = ServerHttpRequestDecorator.getNativeRequest(request);
        return client.channel();
    }

    /** Whether it came by TLS; that of QUIC isn't known to Spring. */
    static boolean isSecure(ServerHttpRequest request) {
        if (request.getSslInfo() != null) {
            return true;
        }
        HttpServerRequest http = ServerHttpRequestDecorator.getNativeRequest(request);
        return http.version().majorVersion() == HTTP_3;
    }

    static boolean isHttp10(ServerHttpRequest request) {
        HttpServerRequest http = ServerHttpRequestDecorator.getNativeRequest(request);
        return http.version().equals(HttpVersion.HTTP_1_0);
    }

    private static boolean speaksForOthers(String name) {
        return name.toLowerCase(Locale.ROOT).startsWith(PREFIX) || FORWARDED.equalsIgnoreCase(name);
    }

    @Override
    public boolean supports(Type type) {
        return type == Type.REQUEST;
    }
}
