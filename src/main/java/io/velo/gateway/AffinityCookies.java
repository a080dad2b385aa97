package io.velo.gateway;

import io.velo.pool.Lease;
import org.springframework.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;

/** Gives clients the cookies that bring them back to their backends. */
final class AffinityCookies {

    private AffinityCookies() {}

    /** Puts one on the answer, if the client is to have one, beside the fields that came from the backend. */
    static void bind(ServerWebExchange exchange, ProxiedRequest request) {
        request.lease().filter(Lease::binds).ifPresent(lease -> exchange.getResponse()
                .getHeaders()
                .add(HttpHeaders.SET_COOKIE, lease.cookie(byTls(exchange, request))));
    }

    private static boolean byTls(ServerWebExchange exchange, ProxiedRequest request) {
        String proto = exchange.getRequest().getHeaders().getFirst("X-Forwarded-Proto");
        return request.forwardedFor()
                .byTls(ForwardedHeaders.isSecure(exchange.getRequest()), proto == null ? "" : proto);
    }
}
