package io.velo.gateway;

import io.velo.backend.BackendSpec;
import io.velo.pool.Lease;
import java.net.URI;
import java.util.Map;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.web.server.ServerWebExchange;

/** A leased backend as Spring Cloud LoadBalancer's users see one. */
record LeasedInstance(Lease lease) implements ServiceInstance {

    @Override
    public String getInstanceId() {
        return spec().id();
    }

    @Override
    public String getServiceId() {
        return lease.backend().pool();
    }

    @Override
    public String getHost() {
        return getUri().getHost();
    }

    @Override
    public int getPort() {
        int port = getUri().getPort();
        return port >= 0 ? port : isSecure() ? 443 : 80;
    }

    @Override
    public boolean isSecure() {
        return spec().secure();
    }

    @Override
    public URI getUri() {
        return spec().uri();
    }

    @Override
    public Map<String, String> getMetadata() {
        return spec().zone().isEmpty() ? Map.of() : Map.of("zone", spec().zone());
    }

    /** Where the request goes: this backend, with the path and query that the filters made, character for character. */
    URI urlFor(ServerWebExchange exchange) {
        URI request = exchange.getRequest().getURI();
        String query = request.getRawQuery() == null ? "" : "?" + request.getRawQuery();
        return URI.create(getScheme() + "://" + authority() + request.getRawPath() + query);
    }

    /** Host and port as {@link #urlFor} has them. */
    String authority() {
        return getHost() + ":" + getPort();
    }

    @Override
    public String getScheme() {
        return isSecure() ? "https" : "http";
    }

    private BackendSpec spec() {
        return lease.backend().spec();
    }
}
