package io.velo.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.StaticCredentialsProvider;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import io.velo.limit.StoreGate;
import java.time.Duration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty(name = "lb.rate-limit.store", havingValue = "redis")
class RedisConfiguration {

    private static final int THREADS = 2;
    private static final int MOST_WAITING = 10_000;
    private static final Duration RECONNECT = Duration.ofMillis(500);
    private static final Duration REST = Duration.ofSeconds(1);
    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final Duration GIVE_UP = Duration.ofSeconds(5);

    @Bean
    StoreMeters storeMeters() {
        return new StoreMeters();
    }

    @Bean
    RedisBuckets redisBuckets(RedisSettings settings, StoreMeters meters) {
        ClientResources resources = ClientResources.builder()
                .ioThreadPoolSize(THREADS)
                .computationThreadPoolSize(THREADS)
                .reconnectDelay(Delay.constant(RECONNECT))
                .build();
        RedisClient client = RedisClient.create(resources);
        client.setOptions(options());
        return new RedisBuckets(
                client, uri(settings), settings, new StoreGate(System::nanoTime, REST.toNanos()), meters);
    }

    /** What was asked while there is no connection is refused at once, not kept for later. */
    private static ClientOptions options() {
        return ClientOptions.builder()
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .requestQueueSize(MOST_WAITING)
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(CONNECT)
                        .tcpUserTimeout(SocketOptions.TcpUserTimeoutOptions.builder()
                                .enable()
                                .tcpUserTimeout(GIVE_UP)
                                .build())
                        .build())
                .build();
    }

    private static RedisURI uri(RedisSettings settings) {
        RedisURI uri = RedisURI.create(settings.url());
        uri.setClientName("velo");
        if (!settings.password().isEmpty()) {
            String user = settings.username().isEmpty() ? "default" : settings.username();
            uri.setCredentialsProvider(
                    new StaticCredentialsProvider(user, settings.password().toCharArray()));
        }
        return uri;
    }
}
