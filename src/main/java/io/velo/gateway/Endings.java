package io.velo.gateway;

import io.velo.backend.Outcome;
import io.velo.backend.Reason;
import io.velo.pool.Tried;
import io.velo.route.Lane;
import io.velo.route.RequestEnd;
import io.velo.route.RequestListener;
import io.velo.wire.Recording;
import io.velo.wire.Records;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.web.server.ServerWebExchange;
import reactor.netty.Connection;
import reactor.netty.http.server.HttpServerRequest;

/** Tells how requests of this lane ended, and what has no lane: those who count them, and the recording if there is one. */
final class Endings {

    private final List<RequestListener> listeners;
    private final Records records;
    private final LongSupplier nanos;

    Endings(List<RequestListener> listeners, Records records, LongSupplier nanos) {
        this.listeners = List.copyOf(listeners);
        this.records = records;
        this.nanos = nanos;
    }

    long nanoTime() {
        return nanos.getAsLong();
    }

    /** Takes charge of a request's recording; its end has to be told. */
    Optional<Recording> take(ServerWebExchange exchange) {
        if (!records.wanted()) {
            return Optional.empty();
        }
        HttpServerRequest client = ServerHttpRequestDecorator.getNativeRequest(exchange.getRequest());
        return records.take(((Connection) client).channel());
    }

    void ended(RequestEnd end, Optional<Recording> recording, Tried tried) {
        listeners.forEach(listener -> listener.ended(end));
        recording.ifPresent(taken -> taken.ended(end, tried));
    }

    /** No route takes it. */
    void unrouted(ServerWebExchange exchange) {
        ended(without(Reason.DESTINATION_NOT_FOUND), take(exchange), new Tried());
    }

    /** It was refused before it got as far as this lane. */
    void refused(Reason why) {
        ended(without(why), Optional.empty(), new Tried());
    }

    private static RequestEnd without(Reason why) {
        return new RequestEnd(RequestEnd.NONE, RequestEnd.NONE, Lane.GATEWAY, Outcome.Kind.FAILED, Optional.of(why), 0);
    }
}
