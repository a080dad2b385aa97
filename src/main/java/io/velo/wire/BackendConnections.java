package io.velo.wire;

import io.netty.channel.Channel;
import io.netty.resolver.AddressResolverGroup;
import io.netty.util.AttributeKey;
import io.netty.util.concurrent.FastThreadLocal;
import io.velo.backend.Backend;
import io.velo.backend.ConnectionCounts;
import io.velo.backend.MembershipListener;
import io.velo.pool.PerPool;
import io.velo.proxyprotocol.ProxyProtocol;
import io.velo.tls.BackendTls;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.springframework.beans.factory.DisposableBean;

/** The connections to all backends: a pool for each event loop and backend, made when it is first asked for. Thread-safe. */
public final class BackendConnections implements MembershipListener, DisposableBean {

    private static final AttributeKey<Map<Backend, ConnectionPool>> OF_CLIENT =
            AttributeKey.valueOf(BackendConnections.class, "ofClient");

    private final PerPool<UpstreamSettings> settingsByPool;
    private final Class<? extends Channel> sockets;
    private final AddressResolverGroup<InetSocketAddress> resolvers;
    private final BackendTls tls;
    private final List<ConnectionCounts.Listener> listeners;
    private final LongSupplier nanos;
    private final Mirrors mirrors;
    private final Map<Backend, Slots> slots = new ConcurrentHashMap<>();
    private final FastThreadLocal<Map<Backend, ConnectionPool>> ofThisLoop = new PoolsOfLoop();

    /**
     * @param sockets the kind of channel that the event loops serve
     */
    public BackendConnections(
            PerPool<UpstreamSettings> settingsByPool,
            Class<? extends Channel> sockets,
            AddressResolverGroup<InetSocketAddress> resolvers,
            BackendTls tls,
            List<ConnectionCounts.Listener> listeners,
            LongSupplier nanos,
            Mirrors mirrors) {
        this.settingsByPool = settingsByPool;
        this.sockets = sockets;
        this.resolvers = resolvers;
        this.tls = tls;
        this.listeners = List.copyOf(listeners);
        this.nanos = nanos;
        this.mirrors = mirrors;
    }

    /**
     * The pool of connections to a backend.
     *
     * @param client a channel of the event loop on which this is called
     */
    public ConnectionPool of(Backend backend, Channel client) {
        boolean shared = settings(backend.pool()).proxyProtocol() == ProxyProtocol.NONE;
        Map<Backend, ConnectionPool> pools = shared ? ofThisLoop.get() : ofClient(Http2.connection(client));
        ConnectionPool known = pools.get(backend);
        if (known != null && known.settings().equals(settings(backend.pool()))) {
            return known;
        }
        if (known != null) {
            known.retire();
        }
        ConnectionPool made = newPool(backend, client);
        pools.put(backend, made);
        return made;
    }

    /** Those of one client alone, which are given up with its connection. */
    private static Map<Backend, ConnectionPool> ofClient(Channel client) {
        Map<Backend, ConnectionPool> known = client.attr(OF_CLIENT).get();
        if (known != null) {
            return known;
        }
        Map<Backend, ConnectionPool> pools = new HashMap<>(2);
        client.attr(OF_CLIENT).set(pools);
        client.closeFuture().addListener(closed -> pools.values().forEach(ConnectionPool::retire));
        return pools;
    }

    private ConnectionPool newPool(Backend backend, Channel client) {
        UpstreamSettings settings = settings(backend.pool());
        Connector connector = new Connector(
                backend.spec(),
                settings,
                Http2.connection(client),
                sockets,
                resolvers,
                backend.spec().secure() ? tls.context(settings.tls()) : null,
                nanos);
        Slots shared = slots.computeIfAbsent(backend, first -> newSlots(first, settings));
        shared.allow(settings.maxPerBackend());
        ConnectionPool made = new ConnectionPool(client.eventLoop(), settings, shared, connector, nanos);
        made.tapBy(new Tap(backend.pool(), mirrors, this));
        return made;
    }

    private Slots newSlots(Backend backend, UpstreamSettings settings) {
        Slots made = new Slots(settings.maxPerBackend());
        listeners.forEach(listener -> listener.opened(backend, new Counts(made)));
        return made;
    }

    /** How requests of a pool go to its backends. */
    public UpstreamSettings settings(String pool) {
        return settingsByPool.of(pool);
    }

    @Override
    public void overdue(Backend backend) {
        Slots shared = slots.get(backend);
        if (shared != null) {
            shared.cut();
        }
    }

    @Override
    public void gone(Backend backend) {
        Slots shared = slots.remove(backend);
        if (shared != null) {
            shared.shutDown(() -> ofThisLoop.get().remove(backend));
        }
    }

    @Override
    public void destroy() {
        slots.values().forEach(shared -> shared.shutDown(() -> {}));
        resolvers.close();
    }

    private static final class PoolsOfLoop extends FastThreadLocal<Map<Backend, ConnectionPool>> {
        @Override
        protected Map<Backend, ConnectionPool> initialValue() {
            return new IdentityHashMap<>();
        }
    }

    private record Counts(Slots slots) implements ConnectionCounts {

        @Override
        public int active() {
            return slots.sum(pool -> pool.open() - pool.idle());
        }

        @Override
        public int idle() {
            return slots.sum(ConnectionPool::idle);
        }

        @Override
        public int waiting() {
            return slots.waiting();
        }
    }
}
