package io.velo.gateway;

import io.velo.http.ForwardedFor;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.gateway.filter.headers.HttpHeadersFilter;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.web.server.ServerWebExchange;
import reactor.netty.http.server.HttpServerRequest;

/**
 * Tells backends who the client is: {@code X-Forwarded-For, -Proto, -Host, -Port} and {@code Via}. What a peer says of
 * others is passed on only if it is a trusted one; otherwise it is replaced, {@code Forwarded} dropped.
 */
final class ForwardedHeaders implements HttpHeadersFilter, Function<ServerHttpRequest, ForwardedFor>, Ordered {

    private static final String FOR = "X-Forwarded-For";
    private static final String PROTO = "X-Forwarded-Proto";
    private static final String HOST = "X-Forwarded-Host";
    private static final String PORT = "X-Forwarded-Port";
    private static final String PREFIX = "x-forwarded-";

    private final Predicate<String> trusted;

    /**
     * @param trusted whether an address belongs to a trusted proxy
     */
    ForwardedHeaders(Predicate<String> trusted) {
        this.trusted = trusted;
    }

    @Override
    public int getOrder() {
        return Ordered.LOWEST_PRECEDENCE; // after the gateway's own, which only remove
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
        ServerHttpRequest request = exchange.getRequest();
        ForwardedFor forwarded =
                ProxiedRequest.of(exchange).map(ProxiedRequest::forwardedFor).orElseGet(() -> apply(request));
        HttpHeaders headers = new HttpHeaders();
        input.forEach((name, values) -> {
            if (!speaksForOthers(name)) {
                headers.addAll(name, values);
            }
        });
        if (forwarded.trustedPeer()) {
            keep(request.getHeaders(), headers);
        }
        headers.set(FOR, forwarded.value());
        setIfAbsent(headers, PROTO, scheme(request));
        setIfAbsent(headers, HOST, request.getHeaders().getFirst(HttpHeaders.HOST));
        setIfAbsent(headers, PORT, port(request));
        headers.add(HttpHeaders.VIA, version(request) + " velo");
        return headers;
    }

    private static boolean speaksForOthers(String name) {
        return name.toLowerCase(Locale.ROOT).startsWith(PREFIX) || "forwarded".equalsIgnoreCase(name);
    }

    private static void keep(HttpHeaders from, HttpHeaders to) {
        from.forEach((name, values) -> {
            if (speaksForOthers(name)) {
                to.addAll(name, List.copyOf(values));
            }
        });
    }

    /** Clients of HTTP/1.0 need not name a host. */
    private static void setIfAbsent(HttpHeaders headers, String name, @Nullable String value) {
        if (value != null && !headers.containsHeader(name)) {
            headers.set(name, value);
        }
    }

    private static String version(ServerHttpRequest request) {
        HttpServerRequest http = ServerHttpRequestDecorator.getNativeRequest(request);
        return http.version().majorVersion() + "." + http.version().minorVersion();
    }

    private static String scheme(ServerHttpRequest request) {
        return request.getSslInfo() == null ? "http" : "https";
    }

    /** The port that the client asked for, as {@code Host} has it, or the scheme's own. */
    private static String port(ServerHttpRequest request) {
        InetSocketAddress host = request.getHeaders().getHost();
        if (host != null && host.getPort() > 0) {
            return String.valueOf(host.getPort());
        }
        return "https".equals(scheme(request)) ? "443" : "80";
    }

    @Override
    public boolean supports(Type type) {
        return type == Type.REQUEST;
    }
}
