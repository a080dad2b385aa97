package io.velo.simulate;

import io.velo.strategy.RequestView;
import java.util.Optional;

/** A request of which nothing is known but who sent it. */
record Asked(String clientAddress) implements RequestView {

    @Override
    public String method() {
        return "GET";
    }

    @Override
    public String target() {
        return "/";
    }

    @Override
    public Optional<String> header(String name) {
        return Optional.empty();
    }
}
