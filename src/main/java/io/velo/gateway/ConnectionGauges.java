package io.velo.gateway;

import io.velo.backend.Backend;
import io.velo.backend.BackendSpec;
import io.velo.backend.ConnectionCounts;
import io.velo.pool.Pool;
import io.velo.pool.Pools;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Optional;
import reactor.netty.resources.ConnectionPoolMetrics;
import reactor.netty.resources.ConnectionProvider;

/** Tells the listeners where the figures of a backend's connections can be read, as soon as there are connections. */
final class ConnectionGauges {

    private final Pools pools;
    private final List<ConnectionCounts.Listener> listeners;

    ConnectionGauges(Pools pools, List<ConnectionCounts.Listener> listeners) {
        this.pools = pools;
        this.listeners = List.copyOf(listeners);
    }

    ConnectionProvider.MeterRegistrar registrarFor(String pool) {
        return (name, id, address, metrics) -> backendAt(pool, address)
                .ifPresent(backend -> listeners.forEach(listener -> listener.opened(backend, countsOf(metrics))));
    }

    private Optional<Backend> backendAt(String pool, SocketAddress address) {
        if (!(address instanceof InetSocketAddress remote)) {
            return Optional.empty();
        }
        return pools.find(pool).map(Pool::backends).orElse(List.of()).stream()
                .filter(backend -> isAt(backend.spec(), remote))
                .findFirst();
    }

    private static boolean isAt(BackendSpec backend, InetSocketAddress address) {
        int port = backend.uri().getPort();
        int effective = port >= 0 ? port : backend.secure() ? 443 : 80;
        return effective == address.getPort() && backend.uri().getHost().equals(address.getHostString());
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
