package io.velo.gateway;

import io.velo.strategy.RequestView;
import java.util.Optional;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.ServerWebExchangeDecorator;

/** A request of this lane as strategies see it, and the context in which the load balancer is asked for it. */
record ExchangeView(ServerHttpRequest http, ProxiedRequest request) implements RequestView {

    /** The request as the client wrote it, whatever filters have made of it. */
    static ExchangeView of(ServerWebExchange exchange, ProxiedRequest request) {
        ServerWebExchange outermost = exchange;
        while (outermost instanceof ServerWebExchangeDecorator changed) {
            outermost = changed.getDelegate();
        }
        return new ExchangeView(outermost.getRequest(), request);
    }

    @Override
    public String method() {
        return http.getMethod().name();
    }

    @Override
    public String target() {
        String query = http.getURI().getRawQuery();
        return http.getURI().getRawPath() + (query == null ? "" : "?" + query);
    }

    @Override
    public String clientAddress() {
        return request.forwardedFor().client();
    }

    @Override
    public Optional<String> header(String name) {
        return Optional.ofNullable(http.getHeaders().getFirst(name));
    }

    @Override
    public Optional<String> principal() {
        return request.principal();
    }
}
