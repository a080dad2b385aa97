package io.velo.gateway;

import io.netty.channel.ChannelOption;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.velo.backend.Backend;
import io.velo.wire.AnswerGuard;
import io.velo.wire.UpstreamSettings;
import java.time.Duration;
import java.util.function.UnaryOperator;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

/**
 * The HTTP client for one backend over its connections, which are picked last-in-first-out so that surplus ones grow old and
 * are closed before the backend would close them.
 */
final class BackendClient {

    private static final Duration EVICTION = Duration.ofSeconds(10);

    private final UpstreamSettings settings;
    private final ConnectionProvider connections;
    private final ChannelGroup open = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final HttpClient http;

    /**
     * @param customizers what the application's beans make of the client
     */
    BackendClient(
            Backend backend,
            UpstreamSettings settings,
            ConnectionProvider.MeterRegistrar gauges,
            UnaryOperator<HttpClient> customizers) {
        this.settings = settings;
        this.connections = ConnectionProvider.builder("velo-" + backend.pool())
                .maxConnections(settings.maxPerBackend())
                .pendingAcquireMaxCount(settings.queue())
                .pendingAcquireTimeout(settings.queueTimeout())
                .maxIdleTime(settings.idle())
                .maxLifeTime(settings.maxLife())
                .lifo()
                .evictInBackground(EVICTION)
                .metrics(true, () -> gauges)
                .build();
        HttpClient http11 = customizers.apply(HttpClient.create(connections)
                .channelGroup(open)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int)
                        settings.connectTimeout().toMillis())
                .followRedirect(false)
                .doOnChannelInit((observer, channel, remote) -> AnswerGuard.install(channel.pipeline())));
        this.http = "h2c".equals(backend.spec().uri().getScheme()) ? http11.protocol(HttpProtocol.H2C) : http11;
    }

    UpstreamSettings settings() {
        return settings;
    }

    /** What speaks the backend's protocol. */
    HttpClient http() {
        return http;
    }

    /** Closes every connection, whatever it is at. */
    void cut() {
        open.close();
    }

    /** Closes the connections that are idle now, and the others as they become so. */
    void dispose() {
        connections.dispose();
    }
}
