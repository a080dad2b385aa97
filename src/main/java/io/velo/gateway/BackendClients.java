package io.velo.gateway;

import io.velo.backend.Backend;
import io.velo.backend.MembershipListener;
import io.velo.pool.PerPool;
import io.velo.tls.BackendTls;
import io.velo.wire.UpstreamSettings;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.springframework.beans.factory.DisposableBean;
import reactor.core.scheduler.Scheduler;
import reactor.netty.http.client.HttpClient;

/** The client of each backend, made when it is first asked for, and anew when the settings of its pool have changed. */
final class BackendClients implements MembershipListener, DisposableBean {

    private final PerPool<UpstreamSettings> settings;
    private final ConnectionGauges gauges;
    private final BackendTls tls;
    private final UnaryOperator<HttpClient> customizers;
    private final Scheduler timers;
    private final Map<Backend, BackendClient> clients = new ConcurrentHashMap<>();

    BackendClients(
            PerPool<UpstreamSettings> settings,
            ConnectionGauges gauges,
            BackendTls tls,
            UnaryOperator<HttpClient> customizers,
            Scheduler timers) {
        this.settings = settings;
        this.gauges = gauges;
        this.tls = tls;
        this.customizers = customizers;
        this.timers = timers;
    }

    /** How requests of a pool go to its backends; empty if there never was such a pool. */
    Optional<UpstreamSettings> settings(String pool) {
        return settings.find(pool);
    }

    /** The client for a backend that the caller holds a lease of. */
    BackendClient of(Backend backend) {
        UpstreamSettings wanted = settings.of(backend.pool());
        BackendClient known = clients.get(backend);
        return known != null && known.settings().equals(wanted) ? known : made(backend, wanted);
    }

    private BackendClient made(Backend backend, UpstreamSettings wanted) {
        return clients.compute(backend, (key, old) -> {
            if (old != null && old.settings().equals(wanted)) {
                return old;
            }
            if (old != null) {
                retire(old);
            }
            return new BackendClient(
                    backend, wanted, gauges.registrarFor(backend), client -> secured(backend, wanted, client));
        });
    }

    private HttpClient secured(Backend backend, UpstreamSettings wanted, HttpClient client) {
        HttpClient spoken = backend.spec().secure()
                ? client.secure(spec ->
                        spec.sslContext(tls.context(wanted.tls().offering())).handshakeTimeout(wanted.connectTimeout()))
                : client;
        return customizers.apply(spoken);
    }

    /** Only when nobody waits in its queue any more: a closed pool refuses them. */
    private void retire(BackendClient old) {
        long longestWait = old.settings().queueTimeout().toMillis();
        timers.schedule(old::dispose, 2 * longestWait, TimeUnit.MILLISECONDS);
    }

    @Override
    public void overdue(Backend backend) {
        BackendClient client = clients.get(backend);
        if (client != null) {
            client.cut();
        }
    }

    @Override
    public void gone(Backend backend) {
        BackendClient client = clients.remove(backend);
        if (client != null) {
            client.dispose();
        }
    }

    @Override
    public void destroy() {
        clients.values().forEach(BackendClient::dispose);
    }
}
