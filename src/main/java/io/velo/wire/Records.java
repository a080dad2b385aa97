package io.velo.wire;

import io.netty.channel.Channel;
import io.velo.route.RecordListener;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * What the recording of requests needs, on all connections of clients. Without listeners nothing is recorded.
 *
 * @param trusted whether an address belongs to a trusted proxy
 */
public record Records(
        List<RecordListener> listeners, Predicate<String> trusted, LongSupplier nanos, InstantSource clock) {
    public Records {
        listeners = List.copyOf(listeners);
    }

    /** Whether anybody listens. */
    public boolean wanted() {
        return !listeners.isEmpty();
    }

    /**
     * The request whose turn it is on a connection, if it is recorded. Who takes it has to tell its end. For the event loop of
     * the connection.
     */
    public Optional<Recording> take(Channel client) {
        return wanted() ? Recorder.of(client).flatMap(Recorder::take) : Optional.empty();
    }
}
