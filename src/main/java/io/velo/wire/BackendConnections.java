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

    private static final AttributeKey<ByProtocol> OF_CLIENT =
            AttributeKey.valueOf(BackendConnections.class, "ofClient");

    private final PerPool<UpstreamSettings> settingsByPool;
    private final Class<? extends Channel> sockets;
    private final AddressResolverGroup<InetSocketAddress> resolvers;
    private final BackendTls tls;
    private final List<ConnectionCounts.Listener> listeners;
    private final LongSupplier nanos;
    private final Mirrors mirrors;
    private final Map<Backend, Slots> slots = new ConcurrentHashMap<>();
    private final FastThreadLocal<ByProtocol> ofThisLoop = new PoolsOfLoop();

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
        return of(backend, client, false);
    }

    /** The same for a request by which client and backend may switch to another protocol; that is by HTTP/1.1 alone. */
    public ConnectionPool switching(Backend backend, Channel client) {
        return of(backend, client, settings(backend.pool()).mayShare(backend.spec()));
    }

    private ConnectionPool of(Backend backend, Channel client, boolean byHttp11) {
        UpstreamSettings wanted = settings(backend.pool());
        boolean shared = wanted.proxyProtocol() == ProxyProtocol.NONE;
        ByProtocol all = shared ? ofThisLoop.get() : ofClient(Http2.connection(client));
        Map<Backend, ConnectionPool> pools = byHttp11 ? all.http11() : all.any();
        ConnectionPool known = pools.get(backend);
        if (known != null && known.settings().equals(wanted)) {
            return known;
        }
        if (known != null) {
            known.retire();
        }
        ConnectionPool made = newPool(backend, wanted, client, byHttp11);
        pools.put(backend, made);
        return made;
    }

    /** Those of one client alone, which are given up with its connection. */
    private static ByProtocol ofClient(Channel client) {
        ByProtocol known = client.attr(OF_CLIENT).get();
        if (known != null) {
            return known;
        }
        ByProtocol pools = new ByProtocol(new HashMap<>(2), new HashMap<>(2));
        client.attr(OF_CLIENT).set(pools);
        client.closeFuture().addListener(closed -> pools.retire());
        return pools;
    }

    private ConnectionPool newPool(Backend backend, UpstreamSettings settings, Channel client, boolean byHttp11) {
        UpstreamSettings spoken = byHttp11 ? settings.byHttp11() : settings;
        Connector connector = new Connector(
                byHttp11 ? backend.spec().byHttp11() : backend.spec(),
                spoken,
                Http2.connection(client),
                sockets,
                resolvers,
                backend.spec().secure() ? tls.context(spoken.tls()) : null,
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
            shared.shutDown(() -> ofThisLoop.get().forget(backend));
        }
    }

    @Override
    public void destroy() {
        slots.values().forEach(shared -> shared.shutDown(() -> {}));
        resolvers.close();
    }

    private static final class PoolsOfLoop extends FastThreadLocal<ByProtocol> {
        @Override
        protected ByProtocol initialValue() {
            return new ByProtocol(new IdentityHashMap<>(), new IdentityHashMap<>());
        }
    }

    /** By what backends are spoken to with what they speak, and by HTTP/1.1 where that is something else. */
    private record ByProtocol(Map<Backend, ConnectionPool> any, Map<Backend, ConnectionPool> http11) {

        void retire() {
            any.values().forEach(ConnectionPool::retire);
            http11.values().forEach(ConnectionPool::retire);
        }

        void forget(Backend backend) {
            any.remove(backend);
            http11.remove(backend);
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
