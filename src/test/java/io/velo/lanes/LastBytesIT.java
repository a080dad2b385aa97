package io.velo.lanes;

import static io.velo.testing.RawHttp2Client.END_HEADERS;
import static io.velo.testing.RawHttp2Client.HEADERS;
import static io.velo.testing.RawHttp2Client.block;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.velo.route.Lane;
import io.velo.testing.RawBackend;
import io.velo.testing.RawClient;
import io.velo.testing.RawHttp2Client;
import io.velo.testing.RunningVelo;
import io.velo.testing.WebSocketHandshake;
import io.velo.wire.ClientConnections;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What one end of a WebSocket has sent before it left, and the other one doesn't take. */
@ParameterizedClass(name = "{0}")
@EnumSource(Lane.class)
class LastBytesIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long CANCEL = 8;
    private static final byte[] PART = new byte[100_000];

    /** More than a stream's window, by less than what Velo keeps before it stops to read. */
    private static final int BEYOND_WINDOW = 65_535 + 50_000;

    private static final AtomicLong WRITTEN = new AtomicLong();
    private static final Semaphore GO_ON = new Semaphore(0);

    private static RawBackend backend;
    private static RunningVelo velo;

    LastBytesIT(Lane lane) {}

    @BeforeParameterizedClassInvocation
    static void start(Lane lane) {
        backend = RawBackend.doing(LastBytesIT::serve);
        velo = RunningVelo.with(
                lane,
                "server.http2.enabled=true",
                "lb.health.enabled=false",
                "lb.client.write-timeout=500ms",
                "lb.backends=" + backend.url());
    }

    @AfterParameterizedClassInvocation
    static void stop() throws IOException {
        velo.close();
        backend.close();
    }

    @AfterEach
    void nothingIsLeft() {
        velo.awaitIdle();
        awaitConnections(0);
        await().atMost(PATIENCE).until(() -> backend.connections() == 0);
    }

    private static void serve(RawBackend.Exchange exchange) throws IOException {
        exchange.send("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                + "Sec-WebSocket-Accept: " + WebSocketHandshake.accept(exchange.field("Sec-WebSocket-Key"))
                + "\r\n\r\n");
        switch (exchange.target()) {
            case "/last" -> {
                exchange.socket().getOutputStream().write(PART, 0, BEYOND_WINDOW - PART.length);
                exchange.socket().getOutputStream().write(PART);
                exchange.socket().close();
            }
            case "/reset" -> {
                Thread flood = new Thread(() -> writeUntilItEnds(exchange));
                flood.start();
                awaitGoOn();
                exchange.reset();
            }
            default -> {
                awaitGoOn(); // without having read anything
                exchange.socket().close();
            }
        }
    }

    private static void writeUntilItEnds(RawBackend.Exchange exchange) {
        try {
            while (true) {
                exchange.socket().getOutputStream().write(PART);
                WRITTEN.addAndGet(PART.length);
            }
        } catch (IOException e) {
            // the end
        }
    }

    private static void awaitGoOn() throws IOException {
        try {
            if (!GO_ON.tryAcquire(60, TimeUnit.SECONDS)) {
                throw new IOException("nobody said go");
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static RawClient open(String path) throws IOException {
        RawClient client = RawClient.to(velo.port())
                .send("GET " + path + " HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                        + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: a2V5\r\n\r\n");
        StringBuilder head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            int next = client.readByte();
            assertThat(next).as("after '" + head + "'").isNotNegative();
            head.append((char) next);
        }
        assertThat(head.toString()).startsWith("HTTP/1.1 101 ");
        return client;
    }

    private static void awaitConnections(int count) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(
                        velo.context().getBean(ClientConnections.class).open())
                .as("connections of clients")
                .isEqualTo(count));
    }

    /** Waits until nobody takes anything any more. */
    private static void awaitStandstill() {
        AtomicLong last = new AtomicLong(-1);
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(500))
                .during(Duration.ofSeconds(1))
                .until(() -> WRITTEN.get() > 0 && last.getAndSet(WRITTEN.get()) == WRITTEN.get());
    }

    @Test
    void keepNoConnectionOfAClientOpenThatDoesNotReadThem() throws IOException {
        WRITTEN.set(0);
        try (RawClient client = open("/reset")) {
            awaitStandstill();
            assertThat(velo.inFlight()).isEqualTo(1);
            GO_ON.release();

            velo.awaitIdle();
            awaitConnections(0); // though the client's end is still open
        }
    }

    @Test
    void keepNoStreamOfAClientOpenThatDoesNotReadThem() throws IOException {
        try (RawHttp2Client client = RawHttp2Client.to(velo.port())) {
            byte[] ask = block(
                    ":method",
                    "CONNECT",
                    ":protocol",
                    "websocket",
                    ":scheme",
                    "http",
                    ":path",
                    "/last",
                    ":authority",
                    "a");
            client.frame(HEADERS, END_HEADERS, 1, ask);

            assertThat(client.answer(1).reset()).isEqualTo(CANCEL);
            assertThat(client.answer(1).whole()).isFalse();
            assertThat(client.answer(1).body()).as("its window").hasSize(65_535);
            velo.awaitIdle();
            awaitConnections(1);
        }
    }

    @Test
    void keepNoConnectionOfABackendOpenThatDoesNotReadThem() throws IOException {
        try (RawClient client = open("/deaf")) {
            WRITTEN.set(0);
            Thread flood = new Thread(() -> writeUntilItEnds(client));
            flood.start();
            awaitStandstill();
            assertThat(velo.inFlight()).isEqualTo(1);
            client.reset();

            velo.awaitIdle();
            awaitConnections(0);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(connectionsToBackend()).isZero());
        } finally {
            GO_ON.release();
        }
    }

    private static void writeUntilItEnds(RawClient client) {
        try {
            while (true) {
                client.send(PART);
                WRITTEN.addAndGet(PART.length);
            }
        } catch (IOException e) {
            // the end
        }
    }

    private static double connectionsToBackend() {
        return velo.registry().find("lb.connections").gauges().stream()
                .mapToDouble(gauge -> gauge.value())
                .sum();
    }
}
