package io.velo.jmh;

import io.velo.route.RouteRequest;
import java.util.List;
import java.util.Optional;

/**
 * A request that costs nothing to look at.
 *
 * @param path without query
 */
record AnyRequest(String path) implements RouteRequest {

    static final AnyRequest INSTANCE = new AnyRequest("/small");

    @Override
    public String method() {
        return "GET";
    }

    @Override
    public String target() {
        return path;
    }

    @Override
    public String query() {
        return "";
    }

    @Override
    public String clientAddress() {
        return "127.0.0.1";
    }

    @Override
    public Optional<String> header(String name) {
        return Optional.empty();
    }

    @Override
    public List<String> headers(String name) {
        return List.of();
    }
}
