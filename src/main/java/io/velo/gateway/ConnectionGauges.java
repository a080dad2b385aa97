package io.velo.gateway;

import io.velo.backend.Backend;
import io.velo.backend.ConnectionCounts;
import java.util.List;
import reactor.netty.resources.ConnectionPoolMetrics;
import reactor.netty.resources.ConnectionProvider;

/** Tells the listeners where the figures of a backend's connections can be read, as soon as there are connections. */
final class ConnectionGauges {

    private final List<ConnectionCounts.Listener> listeners;

    ConnectionGauges(List<ConnectionCounts.Listener> listeners) {
        this.listeners = List.copyOf(listeners);
    }

    ConnectionProvider.MeterRegistrar registrarFor(Backend backend) {
        return (name, id, address, metrics) ->
                listeners.forEach(listener -> listener.opened(backend, countsOf(metrics)));
    }

    private static ConnectionCounts countsOf(ConnectionPoolMetrics metrics) {
        return new ConnectionCounts() {
            @Override
            public int active() {
                return metrics.acquiredSize();
            }

            @Override
            public int idle() {
                return metrics.idleSize();
            }

            @Override
            public int waiting() {
                return metrics.pendingAcquireSize();
            }
        };
    }
}
