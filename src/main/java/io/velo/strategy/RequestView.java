package io.velo.strategy;

import java.util.Optional;

/** What a strategy may know of the request that it places. Cheap to make; valid only during the call. */
public interface RequestView {

    /** The method, as the client wrote it. */
    String method();

    /** Path and query, as the client wrote them. */
    String target();

    /** Address of the client, without port; behind trusted proxies the one that they name. */
    String clientAddress();

    /** Who the client has proved to be; empty if nobody had to prove anything. */
    default Optional<String> principal() {
        return Optional.empty();
    }

    /** First value of a header field, its name in any case. */
    Optional<String> header(String name);
}
