package io.velo.gateway;

import io.netty.channel.ChannelOption;
import io.velo.backend.BackendSpec;
import io.velo.wire.AnswerGuard;
import io.velo.wire.UpstreamSettings;
import java.time.Duration;
import java.util.function.UnaryOperator;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

/**
 * The HTTP clients of one pool over its connections, which are picked last-in-first-out so that surplus ones grow old and
 * are closed before a backend would close them.
 */
final class PoolClient {

    private static final Duration EVICTION = Duration.ofSeconds(10);

    private final UpstreamSettings settings;
    private final ConnectionProvider connections;
    private final HttpClient http11;
    private final HttpClient h2c;

    /**
     * @param customizers what the application's beans make of the client
     */
    PoolClient(String pool, UpstreamSettings settings, ConnectionGauges gauges, UnaryOperator<HttpClient> customizers) {
        this.settings = settings;
        this.connections = ConnectionProvider.builder("velo-" + pool)
                .maxConnections(settings.maxPerBackend())
                .pendingAcquireMaxCount(settings.queue())
                .pendingAcquireTimeout(settings.queueTimeout())
                .maxIdleTime(settings.idle())
                .maxLifeTime(settings.maxLife())
                .lifo()
                .evictInBackground(EVICTION)
                .metrics(true, () -> gauges.registrarFor(pool))
                .build();
        this.http11 = customizers.apply(HttpClient.create(connections)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int)
                        settings.connectTimeout().toMillis())
                .followRedirect(false)
                .doOnChannelInit((observer, channel, remote) -> AnswerGuard.install(channel.pipeline())));
        this.h2c = http11.protocol(HttpProtocol.H2C);
    }

    UpstreamSettings settings() {
        return settings;
    }

    /** The client that speaks the backend's protocol. */
    HttpClient clientFor(BackendSpec backend) {
        return "h2c".equals(backend.uri().getScheme()) ? h2c : http11;
    }

    void dispose() {
        connections.dispose();
    }
}
