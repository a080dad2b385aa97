package io.velo.gateway;

import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.GATEWAY_REQUEST_URL_ATTR;

import io.velo.pool.Lease;
import java.net.URI;
import java.util.function.BiConsumer;
import org.springframework.cloud.gateway.filter.headers.HttpHeadersFilter;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;

/** Tells who gets a request to which trace it belongs; the last of its kind, so that nobody changes that. */
final class TraceFields implements HttpHeadersFilter, Ordered {

    private final boolean traced;

    /**
     * @param traced whether anybody follows requests
     */
    TraceFields(boolean traced) {
        this.traced = traced;
    }

    @Override
    public int getOrder() {
        return Ordered.LOWEST_PRECEDENCE;
    }

    @Override
    public boolean supports(Type type) {
        return traced && type == Type.REQUEST;
    }

    @Override
    public HttpHeaders filter(HttpHeaders input, ServerWebExchange exchange) {
        HttpHeaders copy = new HttpHeaders();
        input.forEach(copy::put);
        tell(exchange, copy::set);
        return copy;
    }

    /** The same in place. */
    io.netty.handler.codec.http.HttpHeaders tell(
            io.netty.handler.codec.http.HttpHeaders fields, ServerWebExchange exchange) {
        tell(exchange, fields::set);
        return fields;
    }

    private static void tell(ServerWebExchange exchange, BiConsumer<String, String> fields) {
        ProxiedRequest request = ProxiedRequest.of(exchange).orElse(null);
        Lease lease = request == null ? null : request.lease().orElse(null);
        if (lease != null) {
            tell(lease, exchange, fields);
        } else if (request != null) {
            request.trace().ifPresent(trace -> trace.passed(fields));
        }
    }

    /** Tells the backend of one of several attempts. */
    static void tell(Lease attempt, ServerWebExchange exchange, BiConsumer<String, String> fields) {
        if (attempt.traced()) {
            attempt.aimedAt(target(exchange.getRequiredAttribute(GATEWAY_REQUEST_URL_ATTR)));
            attempt.sent(fields);
        }
    }

    private static String target(URI url) {
        return url.getRawQuery() == null ? url.getRawPath() : url.getRawPath() + "?" + url.getRawQuery();
    }
}
