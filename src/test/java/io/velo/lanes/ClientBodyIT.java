package io.velo.lanes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.velo.backend.BackendState;
import io.velo.route.Lane;
import io.velo.testing.RawBackend;
import io.velo.testing.RawClient;
import io.velo.testing.RawClient.Answer;
import io.velo.testing.RunningVelo;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients that fall silent inside their own body, and such as only seem to. */
@ParameterizedClass(name = "{0}")
@EnumSource(Lane.class)
class ClientBodyIT {

    private static final String HALF = "POST /%s HTTP/1.1\r\nHost: velo.test\r\nContent-Length: 8\r\n\r\nhalf";

    private final Semaphore slow = new Semaphore(0);
    private final Lane lane;
    private RawBackend backend;
    private RunningVelo velo;

    ClientBodyIT(Lane lane) {
        this.lane = lane;
    }

    @BeforeEach
    void start() {
        backend = RawBackend.doing(exchange -> {
            if (exchange.target().equals("/slow")) {
                slow.acquireUninterruptibly();
            } else if (exchange.target().equals("/early")) {
                exchange.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nearly");
            }
            int length = exchange.body().length;
            exchange.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nLength: " + length + "\r\n\r\n");
        });
        velo = RunningVelo.unprobed(lane, List.of(backend), "lb.client.body-timeout=500ms");
    }

    @AfterEach
    void stop() throws IOException {
        slow.release();
        velo.close();
        backend.close();
    }

    private void assertNobodyElseSuffers(int refused) {
        velo.awaitIdle();
        velo.awaitRequests("failed", "http_request_error", refused);
        await().untilAsserted(() ->
                assertThat(backend.connections()).as("the backend's is cut").isZero());
        assertThat(velo.backend(backend).state()).isEqualTo(BackendState.UP);
    }

    @Test
    void areToldSoAndCutOff() throws IOException {
        try (RawClient client = RawClient.to(velo.port()).send(HALF.formatted("a"))) {
            Answer answer = client.read();

            assertThat(answer.status()).isEqualTo(408);
            assertThat(answer.field("Connection")).isEqualTo("close");
            assertThat(client.readByte()).isEqualTo(-1);
        }
        assertNobodyElseSuffers(1);
    }

    @Test
    void areCutOffIfTheAnswerHasBegun() throws IOException {
        try (RawClient client = RawClient.to(velo.port()).send(HALF.formatted("early"))) {
            assertThat(client.read().whole()).isFalse();
        }
        assertNobodyElseSuffers(1);
    }

    @Test
    void haveTimeAsLongAsSomethingComes() throws IOException {
        try (RawClient client = RawClient.to(velo.port()).send(HALF.formatted("a"))) {
            for (String part : List.of("p", "a", "r", "t")) {
                long until = System.nanoTime() + 200_000_000L;
                await().pollDelay(Duration.ofMillis(200)).until(() -> System.nanoTime() >= until);
                client.send(part);
            }
            assertThat(client.read().field("Length")).isEqualTo("8");
        }
        velo.awaitIdle();
    }

    /** Nobody reads what it sends, so its silence is not its fault. */
    @Test
    void areNotBlamedForABackendThatReadsSlowly() throws Exception {
        int length = 24 << 20;
        try (RawClient client = RawClient.to(velo.port())) {
            client.send("POST /slow HTTP/1.1\r\nHost: velo.test\r\nContent-Length: " + length + "\r\n\r\n");
            Thread sender = new Thread(() -> {
                try {
                    client.send(new byte[length]);
                } catch (IOException e) {
                    // the answer tells
                }
            });
            sender.start();
            long until = System.nanoTime() + 1_200_000_000L;
            await().until(() -> System.nanoTime() >= until);
            slow.release();

            assertThat(client.read().field("Length")).isEqualTo(String.valueOf(length));
            sender.join(5_000);
        }
        velo.awaitIdle();
    }
}
