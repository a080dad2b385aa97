package io.velo.lanes;

import static io.velo.testing.RawHttp2Client.DATA;
import static io.velo.testing.RawHttp2Client.END_HEADERS;
import static io.velo.testing.RawHttp2Client.END_STREAM;
import static io.velo.testing.RawHttp2Client.GOAWAY;
import static io.velo.testing.RawHttp2Client.HEADERS;
import static io.velo.testing.RawHttp2Client.RST_STREAM;
import static io.velo.testing.RawHttp2Client.SETTINGS;
import static io.velo.testing.RawHttp2Client.block;
import static io.velo.testing.RawHttp2Client.head;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.velo.route.Lane;
import io.velo.testing.RawBackend;
import io.velo.testing.RawClient;
import io.velo.testing.RawHttp2Client;
import io.velo.testing.RunningVelo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests by HTTP/2 in clear text: what a backend sees of them, and what a client sees of its answers. */
@ParameterizedClass
@EnumSource(Lane.class)
class Http2RequestsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long PROTOCOL_ERROR = 1;
    private static final long INTERNAL_ERROR = 2;
    private static final long MUCH = 200_000_000;

    private final Lane lane;
    private static final AtomicLong WRITTEN = new AtomicLong();
    private static final AtomicLong BROKEN = new AtomicLong();
    private static RawBackend backend;
    private static RunningVelo velo;
    private static Path log;
    private RawHttp2Client client;
    private int seen;

    Http2RequestsIT(Lane lane) {
        this.lane = lane;
    }

    @BeforeParameterizedClassInvocation
    static void start(Lane lane) throws IOException {
        Path directory = Files.createTempDirectory("velo");
        log = directory.resolve("access.log");
        backend = RawBackend.doing(Http2RequestsIT::serve);
        velo = RunningVelo.unprobed(
                lane,
                List.of(backend),
                "server.http2.enabled=true",
                "lb.http2.max-concurrent-streams=77",
                "lb.http2.initial-window-size=100KB",
                "lb.access-log.enabled=true",
                "lb.access-log.file=" + log);
    }

    @AfterParameterizedClassInvocation
    static void stop() throws IOException {
        velo.close();
        backend.close();
        Files.deleteIfExists(log);
        Files.deleteIfExists(log.getParent());
    }

    @BeforeEach
    void connect() throws IOException {
        client = RawHttp2Client.to(velo.port());
        seen = backend.requests();
    }

    @AfterEach
    void leave() throws IOException {
        client.close();
        velo.awaitIdle();
    }

    private static void serve(RawBackend.Exchange exchange) throws IOException {
        switch (exchange.target()) {
            case "/cut" -> {
                exchange.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
                exchange.socket().close();
            }
            case "/trailers" ->
                exchange.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nKeep-Alive: timeout=5\r\n\r\n"
                        + "4\r\nbody\r\n0\r\nGrpc-Status: 0\r\n\r\n");
            case "/early" ->
                exchange.send("HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n"
                        + "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            case "/empty" -> exchange.send("HTTP/1.1 204 No Content\r\n\r\n");
            case "/much" -> writeMuch(exchange);
            case "/never" -> exchange.awaitClose();
            default -> echo(exchange);
        }
    }

    private static void echo(RawBackend.Exchange exchange) throws IOException {
        String body;
        try {
            body = exchange.field("Transfer-Encoding").isEmpty()
                    ? new String(exchange.body(), StandardCharsets.ISO_8859_1)
                    : exchange.chunkedBody();
        } catch (IOException | NumberFormatException e) {
            BROKEN.incrementAndGet();
            exchange.socket().close();
            return;
        }
        String end = exchange.method().equals("HEAD") ? "" : body;
        exchange.send("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + end);
    }

    private static void writeMuch(RawBackend.Exchange exchange) throws IOException {
        exchange.send("HTTP/1.1 200 OK\r\nContent-Length: " + MUCH + "\r\n\r\n");
        String part = "x".repeat(100_000);
        for (long sent = 0; sent < MUCH; sent += part.length()) {
            exchange.send(part);
            WRITTEN.addAndGet(part.length());
        }
    }

    private String lastHead() {
        return backend.heads().get(backend.heads().size() - 1);
    }

    @Test
    void areBoundedAsClientsAreTold() throws IOException {
        ByteBuffer payload = ByteBuffer.wrap(client.next(SETTINGS).payload());
        Map<Integer, Integer> settings = new HashMap<>();
        while (payload.hasRemaining()) {
            settings.put((int) payload.getShort(), payload.getInt());
        }

        assertThat(settings).containsEntry(3, 77).containsEntry(4, 100 * 1024);
    }

    @Test
    void reachABackendAsThoseOfHttp11() throws IOException {
        byte[] head = head("GET", "/a%2Fb?c=d", "cookie", "a=1", "te", "trailers", "x-own", "v", "cookie", "b=2");
        client.frame(HEADERS, END_STREAM | END_HEADERS, 1, head);

        assertThat(client.answer(1).status()).isEqualTo(200);
        assertThat(lastHead())
                .startsWith("GET /a%2Fb?c=d HTTP/1.1\r\n")
                .contains("a=1; b=2\r\n", "v\r\n")
                .doesNotContainIgnoringCase("te: ")
                .doesNotContain("\r\n:");
        assertThat(lastHead().toLowerCase(java.util.Locale.ROOT))
                .contains("x-forwarded-host: velo.test", "x-forwarded-proto: http", "via: 2.0 velo", "x-own: v");
        velo.awaitIdle();
        assertThat(velo.requests(lane)).isPositive();
    }

    @Test
    void carryBodiesWithAndWithoutALength() throws IOException {
        byte[] half = "x".repeat(10_000).getBytes(StandardCharsets.US_ASCII);
        client.frame(HEADERS, END_HEADERS, 1, head("POST", "/", "content-length", "20000"));
        client.frame(DATA, 0, 1, half).frame(DATA, END_STREAM, 1, half);
        assertThat(client.answer(1).body()).hasSize(20_000);

        client.frame(HEADERS, END_HEADERS, 3, head("POST", "/"));
        client.frame(DATA, 0, 3, half).frame(DATA, END_STREAM, 3, half);
        assertThat(client.answer(3).body().replaceAll("[^x]", "")).hasSize(20_000);
    }

    @Test
    void runBesideEachOther() throws IOException {
        for (int i = 0; i < 60; i++) {
            client.frame(HEADERS, END_HEADERS, 2 * i + 1, head("POST", "/", "content-length", "4"));
        }
        for (int i = 59; i >= 0; i--) {
            client.frame(DATA, END_STREAM, 2 * i + 1, "abcd".getBytes(StandardCharsets.US_ASCII));
        }
        for (int i = 0; i < 60; i++) {
            assertThat(client.answer(2 * i + 1).body()).isEqualTo("abcd");
        }
    }

    @Test
    void getHeadsInterimAnswersAndTrailers() throws IOException {
        client.frame(HEADERS, END_STREAM | END_HEADERS, 1, head("HEAD", "/"));
        client.get(3, "/empty").get(5, "/early").get(7, "/trailers");

        assertThat(client.answer(1).body()).isEmpty();
        assertThat(client.answer(3).status()).isEqualTo(204);
        assertThat(client.answer(5).heads().get(0).status()).hasToString("103");
        assertThat(client.answer(5).body()).isEqualTo("ok");
        assertThat(client.answer(7).body()).isEqualTo("body");
        assertThat(client.answer(7).field("grpc-status")).isEqualTo("0");
        assertThat(client.answer(7).field("keep-alive")).isEmpty();
    }

    @Test
    void thatAreMalformedAreResetAndReachNobody() throws IOException {
        List<byte[]> malformed = List.of(
                head("GET", "/", "connection", "close"),
                head("GET", "/", "transfer-encoding", "chunked"),
                head("GET", "/", "te", "gzip"),
                head("GET", "/", "X-Upper", "a"),
                head("GET", ""),
                head("GET", "/a b"),
                head("GET", "/", "x", "a\0b"),
                head("GET", "/", "host", "other.test"),
                head("GET", "/", "content-length", "1"),
                block(":method", "GET", ":path", "/"),
                block(":path", "/", ":scheme", "http"));
        int stream = 1;
        for (byte[] each : malformed) {
            client.frame(HEADERS, END_STREAM | END_HEADERS, stream, each);
            stream += 2;
        }
        client.get(stream, "/");
        assertThat(client.answer(stream).status()).isEqualTo(200);
        for (int i = 0; i < malformed.size(); i++) {
            assertThat(client.answer(2 * i + 1).reset()).as("number %s", i).isEqualTo(PROTOCOL_ERROR);
        }
        assertThat(backend.requests() - seen).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"CONNECT", "TRACE"})
    void thatNobodyPassesOnAreRefused(String method) throws IOException {
        byte[] head =
                method.equals("CONNECT") ? block(":method", method, ":authority", "velo.test:80") : head(method, "/");
        client.frame(HEADERS, END_STREAM | END_HEADERS, 1, head);

        assertThat(client.answer(1).status()).isEqualTo(400);
        assertThat(client.answer(1).body()).contains("http_request_error");
        assertThat(backend.requests()).isEqualTo(seen);
    }

    @Test
    void whoseBodyIsNotAsLongAsToldNeverReachABackendWhole() throws IOException {
        long before = BROKEN.get();
        client.frame(HEADERS, END_HEADERS, 1, head("POST", "/", "content-length", "10"));
        await().atMost(PATIENCE).until(() -> backend.requests() > seen);
        client.frame(DATA, END_STREAM, 1, "half".getBytes(StandardCharsets.US_ASCII));

        await().atMost(PATIENCE).until(() -> client.answer(1).reset() >= 0 || client.next(RST_STREAM) != null);
        assertThat(client.answer(1).reset()).isEqualTo(PROTOCOL_ERROR);
        velo.awaitIdle();
        assertThat(BROKEN.get()).isGreaterThanOrEqualTo(before);
    }

    @Test
    void whoseAnswerBreaksOffAreReset() throws IOException {
        client.get(1, "/cut");

        RawHttp2Client.Answer answer = client.answer(1);
        assertThat(answer.whole()).isFalse();
        assertThat(answer.reset()).isEqualTo(INTERNAL_ERROR);
        client.get(3, "/");
        assertThat(client.answer(3).status()).as("the connection goes on").isEqualTo(200);
    }

    @Test
    void thatAClientResetsAreTakenFromTheBackend() throws IOException {
        int open = backend.connections();
        client.get(1, "/never");
        await().atMost(PATIENCE).until(() -> backend.requests() > seen);
        client.frame(RST_STREAM, 0, 1, new byte[] {0, 0, 0, 8});

        velo.awaitIdle();
        await().atMost(PATIENCE).until(() -> backend.connections() <= open);
    }

    @Test
    void ofASlowClientStopTheBackend() throws Exception {
        client.get(1, "/much");
        assertThat(client.head(1).status()).isEqualTo(200);
        AtomicLong last = new AtomicLong(-1);
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(500))
                .until(() -> last.getAndSet(WRITTEN.get()) == WRITTEN.get());

        assertThat(WRITTEN.get()).isLessThan(MUCH / 2);
        client.get(3, "/");
        assertThat(client.answer(3).status()).as("another stream goes on").isEqualTo(200);
    }

    @Test
    void standInTheAccessLog() throws IOException {
        client.get(1, "/logged").answer(1);

        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(Files.readString(log)).contains("/logged").contains("HTTP/2"));
    }

    @Test
    void standBesideThoseOfHttp11() throws IOException {
        assertThat(RawClient.get(velo.port(), "/").status()).isEqualTo(200);
        RawClient.Answer refused = RawClient.ask(velo.port(), "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n");
        assertThat(refused.status()).as("the guards are there").isEqualTo(400);
        try (RawClient dripping = RawClient.to(velo.port())) {
            dripping.send("P").send("OST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nab");
            assertThat(dripping.read().body()).isEqualTo("ab");
        }
    }

    @Test
    void finishWhenVeloStops() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        try (RawBackend slow = RawBackend.doing(exchange -> {
            try {
                goOn.await(60, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            exchange.answer(200, "finished");
        })) {
            RunningVelo stopping = RunningVelo.unprobed(lane, List.of(slow), "server.http2.enabled=true");
            try (RawHttp2Client last = RawHttp2Client.to(stopping.port())) {
                last.get(1, "/");
                await().atMost(PATIENCE).until(() -> slow.requests() == 1);
                CompletableFuture<Void> stopped = CompletableFuture.runAsync(stopping::close);
                assertThat(last.next(GOAWAY)).isNotNull();
                goOn.countDown();

                assertThat(last.answer(1).body()).isEqualTo("finished");
                stopped.get(120, TimeUnit.SECONDS);
            } finally {
                stopping.close();
            }
        }
    }
}
