package io.velo.lanes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.velo.backend.Backend;
import io.velo.change.Operations;
import io.velo.route.Lane;
import io.velo.testing.RawBackend;
import io.velo.testing.RawClient;
import io.velo.testing.RunningVelo;
import io.velo.testing.WebSocketFrame;
import io.velo.websocket.Sessions;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** WebSockets after their handshake: bytes as they are, in both directions, and what ends them. */
@ParameterizedClass(name = "{0}")
@EnumSource(Lane.class)
class SessionIT {

    private static final String SWITCHED = """
            HTTP/1.1 101 Switching Protocols\r
            Connection: Upgrade\r
            Upgrade: websocket\r
            Sec-WebSocket-Accept: b\r
            \r
            """;

    private static final String ROUTES = "spring.cloud.gateway.server.webflux.routes";

    private static RawBackend backend;
    private static RunningVelo velo;

    /** What backends were told before their sessions ended. */
    private static final BlockingQueue<WebSocketFrame> TOLD = new LinkedBlockingQueue<>();

    /** One for each backend in the middle of a frame that is to go on. */
    private static final BlockingQueue<String> GO_ON = new LinkedBlockingQueue<>();

    private final Lane lane;

    SessionIT(Lane lane) {
        this.lane = lane;
    }

    @BeforeParameterizedClassInvocation
    static void start(Lane lane) {
        backend = RawBackend.doing(SessionIT::serve);
        velo = RunningVelo.with(
                lane,
                "lb.health.enabled=false",
                "lb.backends=" + backend.url(),
                "lb.pools.leaving.backends[0].url=" + backend.url(),
                "lb.pools.leaving.backends[0].id=leaving",
                "lb.pools.sleepy.backends=" + backend.url(),
                "lb.pools.sleepy.timeouts.websocket-idle=300ms",
                ROUTES + "[0].id=leaving",
                ROUTES + "[0].uri=lb://leaving",
                ROUTES + "[0].predicates[0]=Path=/leaving/**",
                ROUTES + "[1].id=sleepy",
                ROUTES + "[1].uri=lb://sleepy",
                ROUTES + "[1].predicates[0]=Path=/sleepy/**",
                ROUTES + "[2].id=all",
                ROUTES + "[2].uri=lb://default",
                ROUTES + "[2].predicates[0]=Path=/**");
    }

    @AfterParameterizedClassInvocation
    static void stop() throws IOException {
        velo.close();
        backend.close();
    }

    @AfterEach
    void nothingIsLeft() {
        velo.awaitIdle();
        await().untilAsserted(() ->
                assertThat(velo.context().getBean(Sessions.class).open()).isZero());
        TOLD.clear();
        GO_ON.clear();
    }

    private static void serve(RawBackend.Exchange exchange) throws IOException {
        String path = exchange.target();
        if (path.endsWith("/no")) {
            exchange.answer(200, "no");
            return;
        }
        exchange.send(SWITCHED);
        if (path.endsWith("/echo")) {
            echo(exchange);
        } else if (path.endsWith("/reset")) {
            exchange.send("hello");
            exchange.reset();
        } else {
            talk(exchange, path.endsWith("/half"));
        }
    }

    private static void echo(RawBackend.Exchange exchange) throws IOException {
        exchange.socket()
                .getOutputStream()
                .write(WebSocketFrame.ofBackend(WebSocketFrame.TEXT, "hello").bytes());
        InputStream in = exchange.socket().getInputStream();
        OutputStream out = exchange.socket().getOutputStream();
        byte[] buffer = new byte[4096];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            out.write(buffer, 0, n);
            out.flush();
        }
        exchange.socket().close();
    }

    /** As the protocol has it: answers a Close by one. */
    private static void talk(RawBackend.Exchange exchange, boolean half) throws IOException {
        byte[] hello = WebSocketFrame.ofBackend(WebSocketFrame.TEXT, "hello").bytes();
        OutputStream out = exchange.socket().getOutputStream();
        out.write(hello, 0, half ? 4 : hello.length);
        out.flush();
        WebSocketFrame frame;
        do {
            frame = WebSocketFrame.read(exchange.socket().getInputStream());
            TOLD.add(frame);
        } while (frame.opcode() != WebSocketFrame.CLOSE);
        if (half) {
            awaitGoOn();
            out.write(hello, 4, hello.length - 4);
        }
        out.write(new WebSocketFrame(WebSocketFrame.CLOSE, frame.payload(), false).bytes());
        out.flush();
        exchange.awaitClose();
        exchange.socket().close();
    }

    private static void awaitGoOn() throws IOException {
        try {
            assertThat(GO_ON.poll(30, TimeUnit.SECONDS)).isNotNull();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static RawClient ask(RunningVelo of, String path) throws IOException {
        return RawClient.to(of.port())
                .send("GET " + path + " HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Upgrade\r\n"
                        + "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: a2V5\r\n\r\n");
    }

    /** Asks, and reads the head of the answer. */
    private static RawClient switched(RunningVelo of, String path) throws IOException {
        RawClient client = ask(of, path);
        StringBuilder head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            int next = client.in().read();
            assertThat(next).as("after '" + head + "'").isNotNegative();
            head.append((char) next);
        }
        assertThat(head.toString())
                .startsWith("HTTP/1.1 101 ")
                .containsIgnoringCase("connection: upgrade\r\n")
                .containsIgnoringCase("upgrade: websocket\r\n")
                .contains("Sec-WebSocket-Accept: b\r\n")
                .doesNotContainIgnoringCase("transfer-encoding")
                .doesNotContainIgnoringCase("content-length");
        return client;
    }

    private static RawClient switched(String path) throws IOException {
        return switched(velo, path);
    }

    private static WebSocketFrame told() throws InterruptedException {
        WebSocketFrame told = TOLD.poll(30, TimeUnit.SECONDS);
        assertThat(told).as("what the backend was told").isNotNull();
        return told;
    }

    private static void endsWith1001(RawClient client, String reason) throws Exception {
        WebSocketFrame close = WebSocketFrame.read(client.in());
        assertThat(close.opcode()).isEqualTo(WebSocketFrame.CLOSE);
        assertThat(close.masked()).isFalse();
        assertThat(close.code()).isEqualTo(1001);
        assertThat(close.reason()).isEqualTo(reason);
        client.send(WebSocketFrame.close(1001, "", true).bytes());
        assertThat(client.readByte()).as("the end of the connection").isNegative();
        WebSocketFrame told = told();
        assertThat(told.opcode()).isEqualTo(WebSocketFrame.CLOSE);
        assertThat(told.masked()).as("as frames to servers have to be").isTrue();
        assertThat(told.code()).isEqualTo(1001);
        assertThat(told.reason()).isEqualTo(reason);
    }

    @Test
    void passesBytesOnBothWays() throws IOException {
        long before = velo.requests("success", "none");
        try (RawClient client = switched("/echo")) {
            assertThat(WebSocketFrame.read(client.in()).text()).isEqualTo("hello");
            byte[] bytes = new byte[50_000];
            Arrays.fill(bytes, (byte) 0xab);
            client.send(bytes);

            assertThat(client.in().readNBytes(bytes.length)).isEqualTo(bytes);
            assertThat(velo.inFlight()).as("the session holds its backend").isEqualTo(1);
            assertThat(backend.heads().get(backend.heads().size() - 1).toLowerCase(Locale.ROOT))
                    .contains(
                            "connection: upgrade\r\n",
                            "upgrade: websocket\r\n",
                            "sec-websocket-version: 13\r\n",
                            "sec-websocket-key: a2v5\r\n",
                            "x-forwarded-for: 127.0.0.1\r\n");
        }
        velo.awaitIdle();
        velo.awaitRequests("success", "none", before + 1);
        assertThat(velo.requests(lane)).isPositive();
    }

    @Test
    void endsWithTheBackend() throws IOException {
        try (RawClient client = switched("/reset")) {
            assertThat(client.in().readAllBytes()).hasSizeLessThanOrEqualTo(5);
        }
    }

    @Test
    void staysHttpIfTheBackendDoesntSwitch() throws IOException {
        try (RawClient client = ask(velo, "/no")) {
            assertThat(client.read().body()).isEqualTo("no");
            assertThat(client.send("GET /no HTTP/1.1\r\nHost: a\r\n\r\n").read().body())
                    .isEqualTo("no");
        }
    }

    @Test
    void passesPingsAndCodesOn() throws Exception {
        try (RawClient client = switched("/talk")) {
            assertThat(WebSocketFrame.read(client.in()).text()).isEqualTo("hello");
            client.send(WebSocketFrame.ofClient(WebSocketFrame.PING, "p").bytes());
            client.send(WebSocketFrame.close(4001, "bye", true).bytes());

            WebSocketFrame close = WebSocketFrame.read(client.in());

            assertThat(told().opcode()).isEqualTo(WebSocketFrame.PING);
            assertThat(told().code()).isEqualTo(4001);
            assertThat(close.code()).isEqualTo(4001);
            assertThat(close.reason()).isEqualTo("bye");
        }
    }

    @Test
    void endsWith1001WhenNobodySaysAnything() throws Exception {
        try (RawClient client = switched("/sleepy/talk")) {
            assertThat(WebSocketFrame.read(client.in()).text()).isEqualTo("hello");

            endsWith1001(client, "idle for too long");
        }
    }

    @Test
    void endsWith1001WhenItsBackendHasDrainedForLongEnough() throws Exception {
        try (RawClient client = switched("/leaving/talk")) {
            assertThat(WebSocketFrame.read(client.in()).text()).isEqualTo("hello");

            drain();

            endsWith1001(client, "the backend leaves");
        } finally {
            resume();
        }
    }

    @Test
    void letsAFrameThatIsOnItsWayEndFirst() throws Exception {
        try (RawClient client = switched("/leaving/half")) {
            byte[] half = client.in().readNBytes(4);
            drain();
            assertThat(told().code()).as("the backend at once").isEqualTo(1001);

            GO_ON.add("now");

            assertThat(half).isEqualTo(new byte[] {(byte) 0x81, 5, 'h', 'e'});
            assertThat(client.in().readNBytes(3)).isEqualTo("llo".getBytes(StandardCharsets.US_ASCII));
            WebSocketFrame close = WebSocketFrame.read(client.in());
            assertThat(close.code()).isEqualTo(1001);
            client.send(WebSocketFrame.close(1001, "", true).bytes());
            assertThat(client.readByte()).isNegative();
        } finally {
            resume();
        }
    }

    @Test
    void cutsWhoDoesNotAnswerAClose() throws Exception {
        try (RawClient client = switched("/leaving/echo")) { // which sends what it gets, and no Close of its own
            assertThat(WebSocketFrame.read(client.in()).text()).isEqualTo("hello");
            drain();

            WebSocketFrame close = WebSocketFrame.read(client.in());

            assertThat(close.code()).isEqualTo(1001);
            assertThat(client.readByte())
                    .as("the end, though it doesn't answer")
                    .isNegative();
        } finally {
            resume();
        }
    }

    @Test
    void endsWith1001WhenVeloStops() throws Exception {
        RunningVelo stopping = RunningVelo.unprobed(lane, List.of(backend));
        try (RawClient client = switched(stopping, "/talk")) {
            assertThat(WebSocketFrame.read(client.in()).text()).isEqualTo("hello");
            Thread stop = new Thread(stopping::close);
            stop.start();

            endsWith1001(client, "the load balancer stops");

            stop.join(Duration.ofSeconds(30).toMillis());
            assertThat(stop.isAlive()).isFalse();
        } finally {
            stopping.close();
        }
    }

    private static Operations operations() {
        return velo.context().getBean(Operations.class);
    }

    private static void drain() {
        operations().drain("leaving", "leaving", Optional.of(Duration.ofMillis(100)), OptionalLong.empty());
    }

    private static void resume() {
        Backend leaving = velo.pool("leaving").backend("leaving").orElseThrow();
        await().untilAsserted(() -> assertThat(leaving.inFlight()).isZero());
        operations().resume("leaving", "leaving", OptionalLong.empty());
    }
}
