package io.velo.route;

import io.velo.route.RequestRecord.Asked;
import java.util.Optional;
import java.util.function.Function;

/** Told of each request as it comes. Called on an event loop: must not block. Without such a bean nothing is traced. */
@FunctionalInterface
public interface RequestTracer {

    /** The head of a request has come in. */
    RequestTrace begin(Asked asked, Arrival arrival);

    /**
     * What else is known of a request as it comes.
     *
     * @param field finds the value of a header field: several ones in one, with commas between; none of {@code traceparent} if
     *     there are several
     * @param peer address of the other end of the connection
     * @param secure whether it came by TLS
     */
    record Arrival(Function<String, Optional<String>> field, String peer, boolean secure) {}
}
