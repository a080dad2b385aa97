package io.velo.lanes;

import static io.velo.testing.RawHttp2Client.DATA;
import static io.velo.testing.RawHttp2Client.END_HEADERS;
import static io.velo.testing.RawHttp2Client.END_STREAM;
import static io.velo.testing.RawHttp2Client.HEADERS;
import static io.velo.testing.RawHttp2Client.RST_STREAM;
import static io.velo.testing.RawHttp2Client.SETTINGS;
import static io.velo.testing.RawHttp2Client.WINDOW_UPDATE;
import static io.velo.testing.RawHttp2Client.block;
import static io.velo.testing.RawHttp2Client.head;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.Timer;
import io.velo.change.Operations;
import io.velo.route.Lane;
import io.velo.testing.AccessLogFile;
import io.velo.testing.RawBackend;
import io.velo.testing.RawHttp2Client;
import io.velo.testing.RunningVelo;
import io.velo.testing.WebSocketFrame;
import io.velo.testing.WebSocketHandshake;
import io.velo.websocket.Sessions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** WebSockets by streams of HTTP/2 (RFC 8441), to backends that know them by HTTP/1.1. */
@ParameterizedClass(name = "{0}")
@EnumSource(Lane.class)
class Http2SessionIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String ROUTES = "spring.cloud.gateway.server.webflux.routes";
    private static final long PROTOCOL_ERROR = 1;
    private static final long CANCEL = 8;
    private static final long HTTP_1_1_REQUIRED = 13;
    private static final long MUCH = 200_000_000;
    private static final int PIECE = 16_000;

    private static final AtomicLong WRITTEN = new AtomicLong();

    /** For backends that wait for the client to have seen something. */
    private static final Semaphore GO_ON = new Semaphore(0);

    private static RawBackend backend;
    private static RunningVelo velo;
    private static AccessLogFile log;

    private final Lane lane;
    private RawHttp2Client client;

    Http2SessionIT(Lane lane) {
        this.lane = lane;
    }

    @BeforeParameterizedClassInvocation
    static void start(Lane lane, @TempDir Path folder) {
        backend = RawBackend.doing(Http2SessionIT::serve);
        log = new AccessLogFile(folder.resolve("access.log"));
        velo = RunningVelo.with(
                lane,
                log.properties()[0],
                log.properties()[1],
                "server.http2.enabled=true",
                "lb.health.enabled=false",
                "lb.backends=" + backend.url(),
                "lb.pools.sleepy.backends=" + backend.url(),
                "lb.pools.sleepy.timeouts.websocket-idle=300ms",
                "lb.pools.two.backends=h2c://127.0.0.1:" + backend.port(),
                "lb.pools.leaving.backends[0].url=" + backend.url(),
                "lb.pools.leaving.backends[0].id=leaving",
                ROUTES + "[0].id=sleepy",
                ROUTES + "[0].uri=lb://sleepy",
                ROUTES + "[0].predicates[0]=Path=/sleepy/**",
                ROUTES + "[1].id=two",
                ROUTES + "[1].uri=lb://two",
                ROUTES + "[1].predicates[0]=Path=/two/**",
                ROUTES + "[2].id=leaving",
                ROUTES + "[2].uri=lb://leaving",
                ROUTES + "[2].predicates[0]=Path=/leaving/**",
                ROUTES + "[3].id=own",
                ROUTES + "[3].uri=ws://127.0.0.1:" + backend.port(),
                ROUTES + "[3].predicates[0]=Path=/own/**",
                ROUTES + "[4].id=all",
                ROUTES + "[4].uri=lb://default",
                ROUTES + "[4].predicates[0]=Path=/**");
    }

    @AfterParameterizedClassInvocation
    static void stop() throws Exception {
        try (RawHttp2Client last = RawHttp2Client.to(velo.port())) {
            open(last, 1, "/echo");
            Thread stop = new Thread(velo::close);
            stop.start();

            endsWith1001(last, "the load balancer stops");

            stop.join(PATIENCE.toMillis());
            assertThat(stop.isAlive()).isFalse();
        } finally {
            velo.close();
            backend.close();
        }
    }

    @BeforeEach
    void connect() throws IOException {
        client = RawHttp2Client.to(velo.port());
    }

    @AfterEach
    void nothingIsLeft() throws IOException {
        client.close();
        velo.awaitIdle();
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(
                        velo.context().getBean(Sessions.class).open())
                .isZero());
    }

    private static void serve(RawBackend.Exchange exchange) throws IOException {
        String path = exchange.target();
        if (path.endsWith("/plain")) {
            exchange.answer(200, "plain");
            return;
        }
        if (path.endsWith("/empty")) {
            exchange.send("HTTP/1.1 204 X\r\n\r\n");
            return;
        }
        if (path.endsWith("/denied")) {
            exchange.answer(403, "denied");
            return;
        }
        exchange.send(
                "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: "
                        + (path.endsWith("/liar")
                                ? "b"
                                : WebSocketHandshake.accept(exchange.field("Sec-WebSocket-Key")))
                        + "\r\nSec-WebSocket-Extensions: permessage-deflate\r\nSec-WebSocket-Protocol: chat\r\n\r\n");
        switch (path.substring(path.lastIndexOf('/'))) {
            case "/leave" -> exchange.send("bye");
            case "/reset" -> {
                exchange.send("bye");
                awaitGoOn();
                exchange.reset();
            }
            case "/talk" -> answerClose(exchange);
            case "/much" -> writeMuch(exchange);
            default -> echo(exchange);
        }
        exchange.socket().close();
    }

    private static void awaitGoOn() throws IOException {
        try {
            assertThat(GO_ON.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static void writeMuch(RawBackend.Exchange exchange) throws IOException {
        byte[] part = new byte[100_000];
        for (long sent = 0; sent < MUCH; sent += part.length) {
            exchange.socket().getOutputStream().write(part);
            WRITTEN.addAndGet(part.length);
        }
    }

    private static void answerClose(RawBackend.Exchange exchange) throws IOException {
        WebSocketFrame close = WebSocketFrame.read(exchange.socket().getInputStream());
        exchange.socket()
                .getOutputStream()
                .write(new WebSocketFrame(WebSocketFrame.CLOSE, close.payload(), false).bytes());
    }

    private static void echo(RawBackend.Exchange exchange) throws IOException {
        InputStream in = exchange.socket().getInputStream();
        OutputStream out = exchange.socket().getOutputStream();
        byte[] buffer = new byte[4096];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            out.write(buffer, 0, n);
        }
    }

    private static byte[] tunnel(String path, String... more) {
        return connect("websocket", path, more);
    }

    private static byte[] connect(String protocol, String path, String... more) {
        String[] fields = {
            ":method", "CONNECT", ":protocol", protocol, ":scheme", "http", ":path", path, ":authority", "velo.test"
        };
        byte[] all = block(fields);
        byte[] others = block(more);
        return ByteBuffer.allocate(all.length + others.length)
                .put(all)
                .put(others)
                .array();
    }

    private void open(int stream, String path) throws IOException {
        open(client, stream, path);
    }

    private static void open(RawHttp2Client client, int stream, String path) throws IOException {
        client.frame(
                HEADERS,
                END_HEADERS,
                stream,
                tunnel(
                        path,
                        "sec-websocket-version",
                        "13",
                        "sec-websocket-protocol",
                        "chat",
                        "sec-websocket-extensions",
                        "permessage-deflate"));
        RawHttp2Client.Answer answer = client.head(stream);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.field("sec-websocket-protocol")).isEqualTo("chat");
        assertThat(answer.field("sec-websocket-extensions")).isEqualTo("permessage-deflate");
        assertThat(answer.field("sec-websocket-accept")).isEmpty();
        assertThat(answer.field("connection")).isEmpty();
        assertThat(answer.field("upgrade")).isEmpty();
    }

    private static void endsWith1001(RawHttp2Client client, String reason) throws IOException {
        awaitBytes(client, 1, 4 + reason.length());
        WebSocketFrame close = WebSocketFrame.read(
                new ByteArrayInputStream(client.head(1).body().getBytes(StandardCharsets.ISO_8859_1)));
        assertThat(close.opcode()).isEqualTo(WebSocketFrame.CLOSE);
        assertThat(close.code()).isEqualTo(1001);
        assertThat(close.reason()).isEqualTo(reason);
        client.frame(DATA, 0, 1, WebSocketFrame.close(1001, "", true).bytes());
        assertThat(client.answer(1).whole()).isTrue();
    }

    private void awaitBytes(int stream, int count) throws IOException {
        awaitBytes(client, stream, count);
    }

    private static void awaitBytes(RawHttp2Client client, int stream, int count) throws IOException {
        while (client.head(stream).body().length() < count) {
            client.next(DATA);
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void areOffered() throws IOException {
        ByteBuffer payload = ByteBuffer.wrap(client.next(SETTINGS).payload());
        Map<Integer, Integer> settings = new HashMap<>();
        while (payload.hasRemaining()) {
            settings.put((int) payload.getShort(), payload.getInt());
        }

        assertThat(settings).as("SETTINGS_ENABLE_CONNECT_PROTOCOL").containsEntry(8, 1);
    }

    @Test
    void passBytesOnBothWaysUntilTheClientEndsThem() throws IOException {
        long before = velo.requests("success", "none");
        open(1, "/echo?a=b");
        client.frame(DATA, 0, 1, ascii("hello"));
        awaitBytes(1, 5);
        assertThat(velo.inFlight()).as("the session holds its backend").isEqualTo(1);
        String head = backend.heads().get(backend.heads().size() - 1).toLowerCase(Locale.ROOT);
        client.frame(DATA, END_STREAM, 1);

        assertThat(client.answer(1).body()).isEqualTo("hello");
        assertThat(client.answer(1).whole()).isTrue();
        assertThat(head)
                .startsWith("get /echo?a=b http/1.1\r\n")
                .contains(
                        "connection: upgrade\r\n",
                        "upgrade: websocket\r\n",
                        "sec-websocket-version: 13\r\n",
                        "sec-websocket-protocol: chat\r\n",
                        "sec-websocket-extensions: permessage-deflate\r\n",
                        "via: 2.0 velo\r\n",
                        "x-forwarded-host: velo.test\r\n")
                .doesNotContain(":protocol", "transfer-encoding", "content-length");
        velo.awaitIdle();
        velo.awaitRequests("success", "none", before + 1);
        assertThat(velo.requests(lane)).isPositive();
    }

    /** As browsers do it: their last frame ends their side. */
    @Test
    void hearTheAnswerToACloseThatEndsTheClientsSide() throws IOException {
        open(1, "/talk");
        client.frame(
                DATA, END_STREAM, 1, WebSocketFrame.close(4001, "bye", true).bytes());

        assertThat(client.answer(1).whole()).isTrue();
        assertThat(client.answer(1).reset()).isEqualTo(-1);
        WebSocketFrame answer = WebSocketFrame.read(
                new ByteArrayInputStream(client.answer(1).body().getBytes(StandardCharsets.ISO_8859_1)));
        assertThat(answer.code()).isEqualTo(4001);
    }

    @Test
    void keepWhatComesBeforeTheyAreOpen() throws IOException {
        client.frame(HEADERS, END_HEADERS, 1, tunnel("/echo")).frame(DATA, 0, 1, ascii("early"));
        client.frame(DATA, 0, 1, ascii(" bird"));
        awaitBytes(1, 10);

        assertThat(client.head(1).status()).isEqualTo(200);
        assertThat(client.head(1).body()).isEqualTo("early bird");
    }

    @Test
    void haveAKeyEach() throws IOException {
        int seen = backend.requests();
        open(1, "/echo");
        open(3, "/echo");

        assertThat(backend.heads().subList(seen, seen + 2))
                .extracting(Http2SessionIT::key)
                .doesNotHaveDuplicates()
                .allSatisfy(key -> assertThat(Base64.getDecoder().decode(key)).hasSize(16));
    }

    private static String key(String head) {
        return head.lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("sec-websocket-key: "))
                .map(line -> line.substring("sec-websocket-key: ".length()))
                .findFirst()
                .orElse("");
    }

    @Test
    void runBesideOtherStreams() throws IOException {
        open(1, "/echo");
        open(3, "/echo");
        client.frame(DATA, 0, 3, ascii("three")).frame(DATA, 0, 1, ascii("one"));
        awaitBytes(1, 3);
        awaitBytes(3, 5);
        client.get(5, "/plain");

        assertThat(client.answer(5).body()).isEqualTo("plain");
        assertThat(client.head(1).body()).isEqualTo("one");
        assertThat(client.head(3).body()).isEqualTo("three");
    }

    /** Many times what the windows of a stream and of a connection hold. */
    @Test
    void openTheirWindowsAgain() throws IOException {
        open(1, "/echo");
        byte[] window = ByteBuffer.allocate(4).putInt(PIECE).array();
        for (int sent = PIECE; sent <= 200 * PIECE; sent += PIECE) {
            client.frame(DATA, 0, 1, new byte[PIECE]);
            awaitBytes(1, sent);
            client.frame(WINDOW_UPDATE, 0, 0, window).frame(WINDOW_UPDATE, 0, 1, window);
        }

        assertThat(client.head(1).body()).hasSize(200 * PIECE);
    }

    @Test
    void endWithTheBackend() throws IOException {
        open(1, "/leave");

        assertThat(client.answer(1).body()).isEqualTo("bye");
        assertThat(client.answer(1).whole()).isTrue();
        client.get(3, "/plain");
        assertThat(client.answer(3).status()).as("the connection goes on").isEqualTo(200);
    }

    @Test
    void endWithAResetByTheClient() throws IOException {
        open(1, "/echo");
        client.frame(DATA, 0, 1, ascii("hello"));
        awaitBytes(1, 5);
        client.frame(RST_STREAM, 0, 1, new byte[] {0, 0, 0, 8});

        velo.awaitIdle();
        client.get(3, "/plain");
        assertThat(client.answer(3).status()).as("the connection goes on").isEqualTo(200);
    }

    @Test
    void endWith1001WhenNobodySaysAnything() throws IOException {
        open(1, "/sleepy/echo"); // it sends the Close back

        endsWith1001(client, "idle for too long");
    }

    @Test
    void endWith1001WhenTheirBackendHasDrainedForLongEnough() throws IOException {
        open(1, "/leaving/echo");
        Operations operations = velo.context().getBean(Operations.class);
        operations.drain("leaving", "leaving", Optional.of(Duration.ofMillis(100)), OptionalLong.empty());

        try {
            endsWith1001(client, "the backend leaves");
        } finally {
            velo.awaitIdle();
            operations.resume("leaving", "leaving", OptionalLong.empty());
        }
    }

    @Test
    void endWithAResetIfTheBackendDoes() throws IOException {
        open(1, "/reset");
        awaitBytes(1, 3);
        GO_ON.release();

        assertThat(client.answer(1).reset()).isEqualTo(CANCEL);
        assertThat(client.answer(1).whole()).isFalse();
        client.get(3, "/plain");
        assertThat(client.answer(3).status()).as("the connection goes on").isEqualTo(200);
    }

    @Test
    void haveNoTrailers() throws IOException {
        open(1, "/echo");
        client.frame(HEADERS, END_HEADERS | END_STREAM, 1, block("x-last", "a"));

        assertThat(client.answer(1).reset()).isEqualTo(PROTOCOL_ERROR);
    }

    @Test
    void ofASlowClientStopTheBackend() throws IOException {
        WRITTEN.set(0);
        open(1, "/much");
        AtomicLong last = new AtomicLong(-1);
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(500))
                .until(() -> last.getAndSet(WRITTEN.get()) == WRITTEN.get());

        assertThat(WRITTEN.get()).isLessThan(MUCH / 2);
        client.frame(RST_STREAM, 0, 1, new byte[] {0, 0, 0, 8});
        velo.awaitIdle();
        client.get(3, "/plain");
        assertThat(client.head(3).status()).as("the connection goes on").isEqualTo(200);
    }

    @Test
    void areNotThereIfTheBackendDoesntSwitch() throws IOException {
        client.frame(HEADERS, END_HEADERS, 1, tunnel("/denied")).frame(HEADERS, END_HEADERS, 3, tunnel("/plain"));

        assertThat(client.answer(1).status()).isEqualTo(403);
        assertThat(client.answer(1).body()).isEqualTo("denied");
        assertThat(client.answer(3).status()).as("200 would mean that it has").isEqualTo(502);
    }

    /** Though it isn't the backend's fault. */
    @Test
    void thatAreNotThereCountAsWhatTheirClientsAreTold() throws IOException {
        long before = velo.requests("server_error", "none");
        long ofBackend = attempts("success");

        client.frame(HEADERS, END_HEADERS, 1, tunnel("/told/plain"));
        assertThat(client.answer(1).status()).isEqualTo(502);
        assertThat(client.answer(1).body()).isEqualTo("plain");
        assertThat(logged("/told/plain")).containsExactly(502);

        client.frame(HEADERS, END_HEADERS, 3, tunnel("/told/empty"));
        assertThat(client.answer(3).status()).isEqualTo(502);
        assertThat(client.answer(3).body()).isEmpty();
        assertThat(logged("/told/empty")).containsExactly(502);

        velo.awaitRequests("server_error", "none", before + 2);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(attempts("success")).isEqualTo(ofBackend + 2));
    }

    private static List<Object> logged(String target) {
        return log.until(target).stream()
                .filter(line -> line.get("target").equals(target))
                .map(line -> line.get("status"))
                .toList();
    }

    private static long attempts(String outcome) {
        return velo.registry().find("lb.backend.requests").tag("outcome", outcome).timers().stream()
                .mapToLong(Timer::count)
                .sum();
    }

    @Test
    void areNotThereIfTheBackendHasNotUnderstood() throws IOException {
        client.frame(HEADERS, END_HEADERS, 1, tunnel("/liar"));

        assertThat(client.answer(1).status()).isEqualTo(502);
        assertThat(client.answer(1).body()).contains("http_protocol_error");
    }

    @Test
    void reachBackendsOfHttp2ByHttp11() throws IOException {
        open(1, "/two/echo");
        client.frame(DATA, 0, 1, ascii("hello"));
        awaitBytes(1, 5);

        assertThat(client.head(1).body()).isEqualTo("hello");
    }

    /** A client that is told so comes back by a connection of its own (RFC 9113 section 7). */
    @Test
    void areSentToHttp11WhereTheGatewaysOwnFilterIsAtWork() throws IOException {
        client.frame(HEADERS, END_HEADERS, 1, tunnel("/own/echo", "sec-websocket-version", "13"));

        assertThat(client.answer(1).reset()).isEqualTo(HTTP_1_1_REQUIRED);
        assertThat(client.answer(1).heads()).isEmpty();
        client.get(3, "/plain");
        assertThat(client.answer(3).status()).as("the connection goes on").isEqualTo(200);
    }

    @Test
    void thatAreMalformedReachNobody() throws IOException {
        int seen = backend.requests();
        client.frame(HEADERS, END_HEADERS | END_STREAM, 1, tunnel("/echo"))
                .frame(HEADERS, END_HEADERS, 3, tunnel("/echo", "content-length", "5"))
                .frame(HEADERS, END_HEADERS, 5, block(":method", "CONNECT", ":protocol", "websocket"))
                .frame(HEADERS, END_HEADERS | END_STREAM, 7, head("GET", "/", ":protocol", "websocket"))
                .frame(HEADERS, END_HEADERS | END_STREAM, 9, connect("connect-udp", "/echo"));

        for (int stream = 1; stream <= 7; stream += 2) {
            assertThat(client.answer(stream).reset()).as("stream %s", stream).isEqualTo(PROTOCOL_ERROR);
        }
        assertThat(client.answer(9).status()).as("another protocol").isEqualTo(400);
        assertThat(backend.requests()).isEqualTo(seen);
    }
}
