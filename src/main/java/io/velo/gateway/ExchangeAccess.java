package io.velo.gateway;

import io.velo.access.AccessRequest;
import io.velo.tls.ClientCertificates;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import reactor.netty.Connection;

/** A request of this lane as the guard looks at it. */
record ExchangeAccess(ServerHttpRequest http, ProxiedRequest request) implements AccessRequest {

    @Override
    public String method() {
        return http.getMethod().name();
    }

    @Override
    public String target() {
        String query = http.getURI().getRawQuery();
        return path() + (query == null ? "" : "?" + query);
    }

    @Override
    public String path() {
        return http.getURI().getRawPath();
    }

    @Override
    public String query() {
        return Objects.requireNonNullElse(http.getURI().getRawQuery(), "");
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
    public List<String> headers(String name) {
        return http.getHeaders().getOrEmpty(name);
    }

    @Override
    public boolean byTls() {
        return request.forwardedFor()
                .byTls(
                        ForwardedHeaders.isSecure(http),
                        header("X-Forwarded-Proto").orElse(""));
    }

    @Override
    public Optional<X509Certificate> certificate() {
        Connection client = ServerHttpRequestDecorator.getNativeRequest(http);
        return ClientCertificates.shown(client.channel()).stream().findFirst();
    }
}
