package io.velo.wire;

import io.netty.channel.Channel;
import io.velo.route.RecordListener;
import io.velo.route.RequestTracer;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * What the recording of requests needs, on all connections of clients. Without listeners and tracer nothing is recorded.
 *
 * @param tracer follows requests, if anybody does
 * @param trusted whether an address belongs to a trusted proxy
 */
public record Records(
        List<RecordListener> listeners,
        Optional<RequestTracer> tracer,
        Predicate<String> trusted,
        LongSupplier nanos,
        InstantSource clock) {
    public Records {
        listeners = List.copyOf(listeners);
    }

    /** Whether anybody listens. */
    public boolean wanted() {
        return !listeners.isEmpty() || traced();
    }

    /** Whether anybody follows requests. */
    public boolean traced() {
        return tracer.isPresent();
    }

    /**
     * The request whose turn it is on a connection, if it is recorded. Who takes it has to tell its end. For the event loop of
     * the connection.
     */
    public Optional<Recording> take(Channel client) {
        return wanted() ? Recorder.of(client).flatMap(Recorder::take) : Optional.empty();
    }
}
