package io.velo.gateway;

import io.velo.backend.Backend;
import io.velo.backend.Reason;
import io.velo.pool.Lease;
import io.velo.wire.ConnectionPool;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.web.server.ServerWebExchange;

/** The second backend of a request whose first one is slow to answer. For the event loop of the client. */
final class Hedge {

    private final ServerWebExchange exchange;
    private final ProxiedRequest request;
    private final Repeats repeats;
    private final Function<Backend, ConnectionPool> connections;
    private @Nullable Lease second;

    Hedge(
            ServerWebExchange exchange,
            ProxiedRequest request,
            Repeats repeats,
            Function<Backend, ConnectionPool> connections) {
        this.exchange = exchange;
        this.request = request;
        this.repeats = repeats;
        this.connections = connections;
    }

    /** When the second backend is due, after the first one was chosen; 0 for never. */
    long delayNanos() {
        return request.lease()
                .map(first -> first.pool().retries().hedgeNanos(new ExchangeView(exchange.getRequest(), request)))
                .orElse(0L);
    }

    /** Holds a second backend, if that may be and there is one. */
    Optional<ConnectionPool> hold() {
        Optional<Lease> held = repeats.beside(exchange, request);
        second = held.orElse(null);
        return held.map(lease -> connections.apply(lease.backend()));
    }

    /** The second one is answered first. */
    void won() {
        request.lease().ifPresent(first -> first.abort(Reason.CLIENT_ABORTED)); // says nothing of it
        lead();
    }

    /** The first one has failed, so the second is the only one. */
    void left(Reason why) {
        request.attemptFailed(new FailedRequestException(why, null));
        lead();
    }

    private void lead() {
        request.lead(Objects.requireNonNull(second, "nothing held"));
        second = null;
    }

    /** The first one is answered first, or nobody wants an answer any more. */
    void lost() {
        Lease held = second;
        if (held != null) {
            second = null;
            held.abort(Reason.CLIENT_ABORTED);
            request.lease().ifPresent(request.tried()::settle);
        }
    }

    /** The second one has failed. */
    void failed(Reason why) {
        Lease held = second;
        if (held != null && why.blamesBackend()) {
            held.fail(why);
        }
        lost();
    }
}
