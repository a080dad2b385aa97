package io.velo.gateway;

import io.velo.strategy.RequestView;
import java.util.Optional;
import org.springframework.http.server.reactive.ServerHttpRequest;

/** A request of this lane as strategies see it, and the context in which the load balancer is asked for it. */
record ExchangeView(ServerHttpRequest http, ProxiedRequest request) implements RequestView {

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
}
