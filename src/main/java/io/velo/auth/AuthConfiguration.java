package io.velo.auth;

import io.velo.access.Guard;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.crypto.keygen.Base64StringKeyGenerator;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.resources.LoopResources;

@Configuration(proxyBeanMethods = false)
class AuthConfiguration {

    private static final int KEY_BYTES = 32;

    /** Passwords that wait to be looked at: about two seconds' worth for each worker. */
    private static final int MOST_WAITING = 64;

    @Bean
    Guard guard() {
        return new Guard();
    }

    @Bean
    AccessControl accessControl(Guard guard, LoopResources loops) {
        byte[] key = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(key);
        return new AccessControl(
                guard,
                new AccessControl.Means(
                        new Outbound(client(loops)),
                        workers(),
                        key,
                        new Base64StringKeyGenerator(Base64.getUrlEncoder().withoutPadding(), KEY_BYTES)::generateKey,
                        InstantSource.system(),
                        System::nanoTime));
    }

    private static HttpClient client(LoopResources loops) {
        ConnectionProvider connections = ConnectionProvider.builder("velo-auth")
                .maxConnections(100)
                .pendingAcquireMaxCount(1000)
                .pendingAcquireTimeout(Duration.ofSeconds(2))
                .maxIdleTime(Duration.ofSeconds(30))
                .build();
        return HttpClient.create(connections).runOn(loops);
    }

    /** Half of the processors, so that a flood of passwords leaves the others to the traffic. They end when idle. */
    private static ThreadPoolExecutor workers() {
        int most = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
        ThreadPoolExecutor workers = new ThreadPoolExecutor(
                most, most, 10, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MOST_WAITING), work -> {
                    Thread thread = new Thread(work, "velo-passwords");
                    thread.setDaemon(true);
                    return thread;
                });
        workers.allowCoreThreadTimeOut(true);
        return workers;
    }
}
