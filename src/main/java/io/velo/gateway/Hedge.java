package io.velo.gateway;

import io.velo.backend.Backend;
import io.velo.backend.Reason;
import io.velo.pool.Lease;
import io.velo.pool.Race;
import io.velo.wire.ConnectionPool;
import java.util.Optional;
import java.util.function.Function;
import org.springframework.web.server.ServerWebExchange;

/** Where a request of this lane gets a second backend from if the first one is slow. For the event loop of the client. */
final class Hedge {

    private final ServerWebExchange exchange;
    private final ProxiedRequest request;
    private final Lease first;
    private final Repeats repeats;
    private final Function<Backend, ConnectionPool> connections;

    /**
     * @param first the hold on the first backend
     */
    Hedge(
            ServerWebExchange exchange,
            ProxiedRequest request,
            Lease first,
            Repeats repeats,
            Function<Backend, ConnectionPool> connections) {
        this.exchange = exchange;
        this.request = request;
        this.first = first;
        this.repeats = repeats;
        this.connections = connections;
    }

    /** The hold on the first backend. */
    Lease first() {
        return first;
    }

    /** When the second backend is due, after the first one was chosen; 0 for never. */
    long delayNanos() {
        return first.pool().retries().hedgeNanos(new ExchangeView(exchange.getRequest(), request));
    }

    /** Holds a second backend, if that may be and there is one. */
    Optional<Race> open() {
        return repeats.beside(exchange, request);
    }

    /** The connections to that backend. */
    ConnectionPool connections(Race race) {
        return connections.apply(race.second().backend());
    }

    /** The second one leads, perhaps because the first one has failed. */
    void overtaken(Lease by, Optional<Reason> failure) {
        request.attempts().lead(by, failure);
    }
}
