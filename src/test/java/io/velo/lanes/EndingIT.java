package io.velo.lanes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.velo.backend.BackendState;
import io.velo.route.Lane;
import io.velo.testing.RawBackend;
import io.velo.testing.RawClient;
import io.velo.testing.RunningVelo;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Ways in which a client leaves: each ends the lease, closes the exchange with the backend, and is nobody's fault. */
@ParameterizedClass(name = "{0}")
@EnumSource(Lane.class)
class EndingIT {

    private static final String GET = "GET / HTTP/1.1\r\nHost: velo.test\r\n\r\n";

    private RawBackend backend;
    private RunningVelo velo;

    private final RawBackend.Script script = exchange -> {
        switch (exchange.target()) {
            case "/silent" -> exchange.awaitClose();
            case "/endless" -> {
                exchange.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n");
                while (true) {
                    exchange.send("x".repeat(10_000));
                }
            }
            case "/half" -> {
                exchange.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
                exchange.awaitClose();
            }
            default -> exchange.answer(200, "whole");
        }
    };
    private final Lane lane;

    EndingIT(Lane lane) {
        this.lane = lane;
    }

    @BeforeEach
    void start() {
        backend = RawBackend.doing(script);
        velo = RunningVelo.unprobed(lane, List.of(backend));
    }

    @AfterEach
    void stop() throws IOException {
        velo.close();
        backend.close();
    }

    private void assertClientLeft() {
        velo.awaitRequests("aborted", "client_aborted", 1);
        velo.awaitIdle();
        await().untilAsserted(() -> assertThat(backend.connections())
                .as("the backend is told at once")
                .isZero());
        assertThat(velo.backend(backend).state()).isEqualTo(BackendState.UP);
    }

    @Test
    void endsWhenTheClientLeavesBeforeTheHead() throws IOException {
        try (RawClient client = RawClient.to(velo.port()).send(GET.replace(" / ", " /silent "))) {
            await().until(() -> backend.requests() == 1);
            assertThat(velo.inFlight()).isEqualTo(1);
        }
        assertClientLeft();
    }

    @Test
    void endsWhenTheClientLeavesInsideTheBody() throws IOException {
        try (RawClient client = RawClient.to(velo.port()).send(GET.replace(" / ", " /half "))) {
            assertThat(client.in().readNBytes(10)).hasSize(10);
            assertThat(velo.inFlight()).as("the body counts").isEqualTo(1);
        }
        assertClientLeft();
    }

    @Test
    void endsWhenTheClientLeavesWhileTheBodyStreams() throws IOException {
        try (RawClient client = RawClient.to(velo.port()).send(GET.replace(" / ", " /endless "))) {
            client.in().readNBytes(200_000);
        }
        assertClientLeft();
    }

    @Test
    void givesConnectionsBackWhenClientsPipelineAndLeave() throws IOException {
        for (int i = 0; i < 200; i++) {
            try (RawClient client = RawClient.to(velo.port()).send(GET.repeat(5))) {
                client.in().readNBytes(i % 20);
                client.reset();
            }
        }

        velo.awaitIdle();
        await().untilAsserted(() -> assertThat(velo.registry()
                        .find("lb.connections")
                        .tag("state", "active")
                        .gauges())
                .allSatisfy(active -> assertThat(active.value()).isZero()));
    }

    @Test
    void endsWhenTheClientLeavesInsideItsOwnBody() throws IOException {
        try (RawClient client =
                RawClient.to(velo.port()).send("POST /silent HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf")) {
            await().until(() -> backend.requests() == 1);
        }
        assertClientLeft();
    }

    @Test
    void endsWhenTheClientResets() throws IOException {
        try (RawClient client = RawClient.to(velo.port()).send(GET.replace(" / ", " /half "))) {
            client.in().readNBytes(10);
            client.reset();
        }
        assertClientLeft();
    }

    @Test
    void endsWithTheWholeAnswerAndKeepsTheConnection() throws IOException {
        try (RawClient client = RawClient.to(velo.port())) {
            for (int i = 0; i < 3; i++) {
                assertThat(client.send(GET).read().body()).isEqualTo("whole");
            }
        }
        velo.awaitRequests("success", "none", 3);
        velo.awaitIdle();
        assertThat(backend.connections()).as("one connection, kept").isEqualTo(1);
    }

    @Test
    void countsRightAfterHundredsOfClientsHungUpAtAnyMoment() throws Exception {
        Random random = new Random(42);
        ExecutorService clients = Executors.newFixedThreadPool(20);
        for (int i = 0; i < 400; i++) {
            int bytes = random.nextInt(60_000);
            String target = List.of("/", "/half", "/endless", "/silent").get(random.nextInt(4));
            boolean reset = random.nextBoolean();
            clients.execute(() -> hangUp(target, bytes, reset));
        }
        clients.shutdown();
        assertThat(clients.awaitTermination(60, TimeUnit.SECONDS)).isTrue();

        velo.awaitIdle();
        assertThat(velo.backend(backend).state())
                .as("no backend is ejected for it")
                .isEqualTo(BackendState.UP);
        assertThat(RawClient.get(velo.port(), "/").body()).isEqualTo("whole");
    }

    private void hangUp(String target, int bytes, boolean reset) {
        try (RawClient client = RawClient.to(velo.port()).send(GET.replace(" / ", " " + target + " "))) {
            if (target.equals("/endless")) {
                client.in().readNBytes(bytes);
            }
            if (reset) {
                client.reset();
            }
        } catch (IOException e) {
            // leaving is all it came for
        }
    }
}
