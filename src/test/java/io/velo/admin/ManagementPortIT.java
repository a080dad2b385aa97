package io.velo.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.velo.testing.RawBackend;
import io.velo.testing.RawClient;
import io.velo.testing.RunningVelo;
import io.velo.wire.ClientConnections;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With a management port of its own Velo takes no path from the backends and shows nothing of itself to clients. */
class ManagementPortIT {

    private static final int MOST = 20;

    private static RawBackend backend;
    private static RunningVelo velo;
    private static int management;

    @BeforeAll
    static void start() throws IOException {
        backend = RawBackend.doing(exchange -> exchange.answer(200, "the backend's " + exchange.target()));
        try (ServerSocket free = new ServerSocket(0)) {
            management = free.getLocalPort(); // by number, as in production: the gateway compares numbers
        }
        velo = RunningVelo.unprobed(
                List.of(backend), "management.server.port=" + management, "lb.client.max-connections=" + MOST);
    }

    @AfterAll
    static void stop() throws IOException {
        velo.close();
        backend.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/metrics",
                "/livez",
                "/readyz",
                "/actuator",
                "/actuator/health",
                "/actuator/prometheus",
                "/actuator/pools",
                "/actuator/routes",
                "/dashboard",
                "/dashboard/main.js",
                "/dashboard/stream"
            })
    void leavesThePathsOfTheBackendsAlone(String path) throws IOException {
        assertThat(RawClient.get(velo.port(), path).body()).isEqualTo("the backend's " + path);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/actuator/health",
                "/actuator/health/liveness",
                "/actuator/health/readiness",
                "/actuator/pools",
                "/actuator/pools/default",
                "/actuator/routes",
                "/actuator/prometheus",
                "/livez",
                "/readyz",
                "/metrics",
                "/dashboard",
                "/dashboard/main.js"
            })
    void servesItsOwn(String path) throws IOException {
        RawClient.Answer answer = RawClient.get(management, path);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).doesNotContain("the backend's");
    }

    @Test
    void servesBothFormsOfTheMeters() throws IOException {
        String text = "GET /metrics HTTP/1.1\r\nHost: velo.test\r\nAccept: text/plain\r\n\r\n";

        assertThat(RawClient.get(management, "/metrics").body()).startsWith("{\"default\":{\"total_requests\":");
        assertThat(RawClient.ask(management, text).body()).contains("# TYPE lb_pool_eligible gauge");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/other", "/actuator/none"})
    void proxiesNothing(String path) throws IOException {
        assertThat(RawClient.get(management, path).status()).isEqualTo(404);
    }

    @Test
    void answersOperatorsWhenClientsHaveTakenAllConnections() throws IOException {
        ClientConnections connections = velo.context().getBean(ClientConnections.class);
        await().atMost(Duration.ofSeconds(30)).until(() -> connections.open() == 0);
        List<RawClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < MOST; i++) {
                clients.add(RawClient.to(velo.port()));
            }
            await().atMost(Duration.ofSeconds(30)).until(() -> connections.open() == MOST);

            try (RawClient surplus = RawClient.to(velo.port())) {
                assertThat(surplus.read().status()).isEqualTo(503);
            }
            assertThat(RawClient.get(management, "/actuator/health").status()).isEqualTo(200);
        } finally {
            for (RawClient client : clients) {
                client.close();
            }
        }
    }
}
