package io.velo.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.velo.backend.BackendSpec;
import io.velo.backend.BackendState;
import io.velo.backend.ProbeResult;
import io.velo.pool.PerPool;
import io.velo.pool.Pools;
import io.velo.proxyprotocol.ProxyProtocol;
import io.velo.testing.TestPool;
import io.velo.tls.BackendTls;
import io.velo.tls.BackendTlsSettings;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.DisposableServer;
import reactor.netty.http.HttpResources;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;

/** Probes of real servers. */
class ProbeClientIT {

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(200);

    private final ProbeClient client = new ProbeClient(
            HttpResources.get(),
            BackendTls.withoutBundles(),
            System::nanoTime,
            InstantSource.fixed(Instant.EPOCH),
            Schedulers.parallel());
    private final Queue<String> requests = new ConcurrentLinkedQueue<>();
    private final Queue<String> connections = new ConcurrentLinkedQueue<>();
    private final AtomicInteger status = new AtomicInteger(200);
    private DisposableServer server;

    @BeforeEach
    void start() {
        server = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .handle((request, response) -> {
                    requests.add(told(request));
                    if (request.uri().startsWith("/silent")) {
                        return Mono.never();
                    }
                    return response.status(status.get())
                            .header("Location", "/elsewhere")
                            .send();
                })
                .bindNow();
    }

    @AfterEach
    void stop() {
        server.disposeNow();
    }

    @Nested
    class Answers {

        @ParameterizedTest
        @CsvSource({"200, true", "204, true", "302, false", "404, false", "500, false", "503, false"})
        void passIfTheirStatusIsExpected(int answered, boolean passed) {
            status.set(answered);

            ProbeResult result = probe(settings("/health", "GET", "", 0, LONG));

            assertThat(result.passed()).isEqualTo(passed);
            assertThat(result.detail()).isEqualTo("status " + answered);
            assertThat(result.latency()).isBetween(Duration.ofNanos(1), LONG);
            assertThat(result.at()).isEqualTo(Instant.EPOCH);
        }

        @Test
        void thatRedirectAreNotFollowed() {
            status.set(302);

            probe(settings("/health", "GET", "", 0, LONG));

            assertThat(requests).hasSize(1).allMatch(request -> request.startsWith("GET /health "));
        }
    }

    @Nested
    class Requests {

        @Test
        void saysWhoAsksAndNamesTheBackendAsHost() {
            probe(settings("/health?deep=1", "GET", "", 0, LONG));

            assertThat(requests).containsExactly("GET /health?deep=1 127.0.0.1:" + server.port() + " velo-probe");
        }

        @Test
        void takeMethodAndHostFromTheSettings() {
            probe(settings("/live", "HEAD", "shop.example", 0, LONG));

            assertThat(requests).containsExactly("HEAD /live shop.example velo-probe");
        }

        @Test
        void goToAnotherPortIfOneIsSet() {
            BackendSpec elsewhere = BackendSpec.of("a", URI.create("http://127.0.0.1:1"));

            ProbeResult result = client.probe(elsewhere, settings("/health", "GET", "", server.port(), LONG))
                    .block(LONG);

            assertThat(result.passed()).isTrue();
        }

        @Test
        void useANewConnectionEach() {
            probe(settings("/health", "GET", "", 0, LONG));
            probe(settings("/health", "GET", "", 0, LONG));

            assertThat(requests).hasSize(2);
            assertThat(connections).hasSize(2).doesNotHaveDuplicates();
        }
    }

    @Nested
    class NoAnswer {

        @Test
        void isAMissWhenTheTimeIsOver() {
            ProbeResult result = probe(settings("/silent", "GET", "", 0, SHORT));

            assertThat(result.passed()).isFalse();
            assertThat(result.detail()).isEqualTo("no answer in 200 ms");
            assertThat(result.latency()).isGreaterThanOrEqualTo(SHORT);
        }

        @Test
        void isAMissAtOnceWhenTheConnectionIsRefused() {
            server.disposeNow();

            ProbeResult result = probe(settings("/health", "GET", "", 0, LONG));

            assertThat(result.passed()).isFalse();
            assertThat(result.detail()).isEqualTo("connection refused");
            assertThat(result.latency()).isLessThan(LONG);
        }

        @Test
        void isAMissWhenNobodyAcceptsTheConnection() throws Exception {
            try (ServerSocket deaf = new ServerSocket()) {
                deaf.bind(new InetSocketAddress("127.0.0.1", 0));
                BackendSpec spec = BackendSpec.of("a", URI.create("http://127.0.0.1:" + deaf.getLocalPort()));

                ProbeResult result = client.probe(spec, settings("/health", "GET", "", 0, SHORT))
                        .block(LONG);

                assertThat(result.passed()).isFalse();
                assertThat(result.detail()).isEqualTo("no answer in 200 ms");
            }
        }
    }

    @Test
    @DisplayName("S1: a backend that went down is probed on and comes back by itself")
    void findsABackendThatComesBack() {
        TestPool test = TestPool.of(spec()).build();
        ProbeSettings settings = settings("/health", "GET", "", 0, LONG);
        Prober prober = new Prober(
                new Pools(List.of(test.pool())),
                new PerPool<>("probe settings", Map.of("test", settings)),
                client,
                List.of(),
                Schedulers.parallel(),
                () -> 0.5);
        status.set(500);
        prober.start();
        try {
            String id = test.pool().backends().get(0).id();
            Awaitility.await().until(() -> test.state(id) == BackendState.DOWN);

            status.set(200);

            Awaitility.await().until(() -> test.state(id) == BackendState.UP);
            assertThat(test.story()).containsExactly("a UP>DOWN", "a DOWN>UP");
        } finally {
            prober.stop();
        }
    }

    private String told(HttpServerRequest request) {
        request.withConnection(connection ->
                connections.add(String.valueOf(connection.channel().remoteAddress())));
        return request.method() + " " + request.uri() + " "
                + request.requestHeaders().get("Host") + " "
                + request.requestHeaders().get("User-Agent");
    }

    private ProbeResult probe(ProbeSettings settings) {
        return client.probe(spec(), settings).block(LONG.multipliedBy(2));
    }

    private BackendSpec spec() {
        return BackendSpec.of("a", URI.create("http://127.0.0.1:" + server.port()));
    }

    private static ProbeSettings settings(String path, String method, String host, int port, Duration timeout) {
        return new ProbeSettings(
                true,
                path,
                method,
                host,
                port,
                Duration.ofMillis(20),
                Duration.ofMillis(10),
                timeout,
                StatusRanges.parse("2xx"),
                0.1,
                BackendTlsSettings.DEFAULT,
                Optional.empty(),
                ProxyProtocol.NONE);
    }
}
