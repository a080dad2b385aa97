package io.velo.lanes;

import static io.velo.testing.RawHttp2Client.DATA;
import static io.velo.testing.RawHttp2Client.END_HEADERS;
import static io.velo.testing.RawHttp2Client.END_STREAM;
import static io.velo.testing.RawHttp2Client.HEADERS;
import static io.velo.testing.RawHttp2Client.RST_STREAM;
import static io.velo.testing.RawHttp2Client.WINDOW_UPDATE;
import static io.velo.testing.RawHttp2Client.head;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.velo.route.Lane;
import io.velo.testing.RawBackend;
import io.velo.testing.RawClient;
import io.velo.testing.RawHttp2Backend;
import io.velo.testing.RawHttp2Client;
import io.velo.testing.RunningVelo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Backends of HTTP/2. Each pool serves the paths that begin with its name; all requests of a test come from one event loop. */
@ParameterizedClass
@EnumSource(Lane.class)
class Http2BackendsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long INTERNAL_ERROR = 2;
    private static final long REFUSED_STREAM = 7;
    private static final long CANCEL = 8;
    private static final int MUCH = 200_000_000;

    /** Less than one frame, and more than a head may be. */
    private static final String[] MANY_FIELDS = Stream.generate(() -> "a-field,its-value")
            .limit(400)
            .collect(Collectors.joining(","))
            .split(",");

    private static final Map<String, RawHttp2Backend> BACKENDS = new HashMap<>();
    private static final AtomicLong WRITTEN = new AtomicLong();
    private static final AtomicInteger CALLS = new AtomicInteger();
    private static RawBackend old;
    private static RunningVelo velo;

    private static volatile CountDownLatch goOn;

    private final Lane lane;
    private RawHttp2Client client;

    Http2BackendsIT(Lane lane) {
        this.lane = lane;
    }

    @BeforeParameterizedClassInvocation
    static void start(Lane lane) {
        BACKENDS.clear();
        List<String> properties = new ArrayList<>(List.of("server.http2.enabled=true", "lb.health.enabled=false"));
        properties.add("lb.circuit.failure-threshold=1000");
        properties.add("lb.connections.queue-timeout=60s");
        properties.add("lb.timeouts.connect=30s");
        pool(properties, "one", RawHttp2Backend.doing(Http2BackendsIT::serve));
        pool(properties, "limited", RawHttp2Backend.doing(3, Http2BackendsIT::serve));
        pool(properties, "narrow", RawHttp2Backend.doing(Http2BackendsIT::serve));
        properties.add("lb.pools.narrow.connections.max-per-backend=1");
        properties.add("lb.pools.narrow.connections.max-streams=2");
        pool(properties, "leaving", RawHttp2Backend.doing(Http2BackendsIT::leave));
        pool(properties, "moody", RawHttp2Backend.doing(exchange -> {
            if (CALLS.incrementAndGet() % 2 == 1) {
                exchange.reset(REFUSED_STREAM);
            } else {
                exchange.answer(200, exchange.body());
            }
        }));
        pool(properties, "closed", RawHttp2Backend.doing(exchange -> exchange.reset(REFUSED_STREAM)));
        properties.add("lb.pools.both.backends=" + BACKENDS.get("closed").url() + ","
                + BACKENDS.get("one").url());
        route(properties, "both");
        pool(properties, "silent", RawHttp2Backend.doing(Http2BackendsIT::serve));
        properties.add("lb.pools.silent.timeouts.connect=2s");
        properties.add("lb.pools.silent.timeouts.response=3s");
        pool(properties, "dead", RawHttp2Backend.doing(Http2BackendsIT::serve).deaf());
        properties.add("lb.pools.dead.connections.ping=200ms");
        pool(properties, "quiet", RawHttp2Backend.doing(Http2BackendsIT::serve));
        properties.add("lb.pools.quiet.connections.ping=2s");
        pool(properties, "idle", RawHttp2Backend.doing(Http2BackendsIT::serve));
        properties.add("lb.pools.idle.connections.idle=200ms");
        pool(properties, "short", RawHttp2Backend.doing(Http2BackendsIT::serve));
        properties.add("lb.pools.short.connections.max-life=200ms");
        pool(properties, "stingy", RawHttp2Backend.doing(Http2BackendsIT::serve));
        pool(properties, "copies", RawHttp2Backend.doing(Http2BackendsIT::serve));
        old = RawBackend.doing(exchange -> {
            if (exchange.field("Upgrade").isEmpty()) {
                exchange.answer(200, "old");
            } else {
                exchange.send("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
                exchange.awaitClose();
            }
        });
        properties.add("lb.pools.old.backends=" + old.url());
        properties.add("lb.pools.old.mirror.pool=copies");
        properties.add("lb.pools.old.mirror.percent=100");
        route(properties, "old");
        properties.add("lb.pools.wrong.backends=" + old.url().replace("http:", "h2c:"));
        route(properties, "wrong");
        velo = RunningVelo.with(lane, properties.toArray(String[]::new));
    }

    private static void pool(List<String> properties, String name, RawHttp2Backend backend) {
        BACKENDS.put(name, backend);
        properties.add("lb.pools." + name + ".backends=" + backend.url());
        route(properties, name);
    }

    private static void route(List<String> properties, String name) {
        long index = properties.stream()
                .filter(each -> each.contains(".predicates[0]="))
                .count();
        String key = "spring.cloud.gateway.server.webflux.routes[" + index + "].";
        properties.addAll(
                List.of(key + "id=" + name, key + "uri=lb://" + name, key + "predicates[0]=Path=/" + name + "/**"));
    }

    @AfterParameterizedClassInvocation
    static void stop() throws IOException {
        velo.close();
        old.close();
        for (RawHttp2Backend backend : BACKENDS.values()) {
            backend.close();
        }
    }

    @BeforeEach
    void connect() throws IOException {
        goOn = new CountDownLatch(1);
        client = RawHttp2Client.to(velo.port());
    }

    @AfterEach
    void leave() throws IOException {
        goOn.countDown();
        client.close();
        velo.awaitIdle();
    }

    private static void serve(RawHttp2Backend.Exchange exchange) throws IOException, InterruptedException {
        String path = exchange.path();
        switch (path.substring(path.indexOf('/', 1) + 1)) {
            case "wait" -> {
                if (goOn.await(30, TimeUnit.SECONDS)) {
                    exchange.answer(200, "waited");
                }
            }
            case "never" -> exchange.awaitReset();
            case "begin" -> {
                exchange.head(200);
                exchange.data("begun", false);
            }
            case "trailers" -> {
                exchange.head(200, "proxy-authenticate", "x");
                exchange.data("body", false);
                exchange.trailers("grpc-status", "0", "content-length", "1");
            }
            case "early" -> {
                exchange.head(100);
                exchange.head(103, "link", "</a.css>");
                exchange.answer(200, "ok");
            }
            case "empty" -> exchange.onlyHead(204);
            case "head" -> exchange.onlyHead(200, "content-length", "1000");
            case "much" -> writeMuch(exchange);
            case "some" -> exchange.answer(200, "y".repeat(50_000));
            case "cancelled" -> exchange.reset(CANCEL);
            case "broken" -> {
                exchange.head(200, "content-length", "1000");
                exchange.data("half", false);
                if (goOn.await(30, TimeUnit.SECONDS)) {
                    exchange.reset(CANCEL);
                }
            }
            case "cut" -> exchange.cut();
            case "nothing" -> exchange.onlyHead(200, "content-length", "10");
            case "less" -> {
                exchange.head(200, "content-length", "10");
                exchange.data("half", false);
                if (goOn.await(30, TimeUnit.SECONDS)) {
                    exchange.data("", true);
                }
            }
            case "status" -> exchange.frame(HEADERS, END_HEADERS | END_STREAM, RawHttp2Client.block(":status", "2x0"));
            case "switch" -> exchange.onlyHead(101);
            case "field" -> exchange.onlyHead(200, "a", "b\r\nSet-Cookie: c");
            case "long" -> exchange.onlyHead(200, MANY_FIELDS);
            case "huge" -> exchange.onlyHead(200, "a", "b".repeat(17_000));
            default -> echo(exchange);
        }
    }

    private static void echo(RawHttp2Backend.Exchange exchange) throws IOException, InterruptedException {
        exchange.answer(200, exchange.body());
    }

    private static void writeMuch(RawHttp2Backend.Exchange exchange) throws IOException, InterruptedException {
        exchange.head(200, "content-length", Integer.toString(MUCH));
        String part = "x".repeat(10_000);
        for (int sent = 0; sent < MUCH; sent += part.length()) {
            exchange.data(part, sent + part.length() == MUCH);
            WRITTEN.addAndGet(part.length());
        }
    }

    /** Of what comes while another request waits, nothing is worked on. */
    private static void leave(RawHttp2Backend.Exchange exchange) throws IOException, InterruptedException {
        if (exchange.path().endsWith("wait") && goOn.await(30, TimeUnit.SECONDS)) {
            exchange.answer(200, "waited");
        } else if (exchange.path().endsWith("last") && CALLS.incrementAndGet() == 1) {
            exchange.body();
            exchange.goAway(exchange.stream() - 2);
        } else {
            exchange.answer(200, exchange.body());
        }
    }

    private RawHttp2Backend backend(String pool) {
        return BACKENDS.get(pool);
    }

    private static void eventually(org.awaitility.core.ThrowingRunnable assertion) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(10)).untilAsserted(assertion);
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] number(int number) {
        return new byte[] {(byte) (number >> 24), (byte) (number >> 16), (byte) (number >> 8), (byte) number};
    }

    @Test
    void serveManyRequestsOnOneConnection() throws IOException {
        int before = backend("one").exchanges().size();
        for (int i = 0; i < 60; i++) {
            client.get(2 * i + 1, "/one/wait");
        }
        eventually(() -> assertThat(backend("one").exchanges()).hasSize(before + 60));
        goOn.countDown();

        for (int i = 0; i < 60; i++) {
            assertThat(client.answer(2 * i + 1).body()).isEqualTo("waited");
        }
        assertThat(backend("one").exchanges().stream()
                        .skip(before)
                        .map(RawHttp2Backend.Exchange::port)
                        .distinct())
                .hasSize(1);
        eventually(() -> assertThat(velo.requests(lane)).isGreaterThanOrEqualTo(60));
    }

    @Test
    void seeRequestsAsTheyShouldBe() throws IOException {
        RawClient.Answer answer = RawClient.ask(
                velo.port(),
                "POST /one/echo?a=%2F HTTP/1.1\r\nHost: velo.test\r\nConnection: close, X-Mine\r\nX-Mine: 1\r\nKeep-Alive: 5\r\n"
                        + "TE: trailers, deflate\r\nX-Own: Value\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("body");
        RawHttp2Backend.Exchange seen =
                backend("one").exchanges().get(backend("one").exchanges().size() - 1);
        assertThat(seen.head().method()).hasToString("POST");
        assertThat(seen.head().scheme()).hasToString("http");
        assertThat(seen.head().path()).hasToString("/one/echo?a=%2F");
        assertThat(seen.head().authority()).hasToString(backend("one").url().substring("h2c://".length()));
        assertThat(seen.head().get("x-own")).hasToString("Value");
        assertThat(seen.head().get("x-forwarded-host")).hasToString("velo.test");
        assertThat(seen.head().names().stream().map(CharSequence::toString).collect(Collectors.toSet()))
                .doesNotContain("host", "connection", "keep-alive", "x-mine", "te", "transfer-encoding")
                .allMatch(name -> name.equals(name.toLowerCase(java.util.Locale.ROOT)));
    }

    @Test
    void mayLimitTheRequestsOnAConnection() throws IOException {
        for (int i = 0; i < 7; i++) {
            client.get(2 * i + 1, "/limited/wait");
        }
        eventually(() -> assertThat(backend("limited").exchanges()).hasSize(7));
        Map<Integer, Long> byConnection = backend("limited").exchanges().stream()
                .collect(Collectors.groupingBy(RawHttp2Backend.Exchange::port, Collectors.counting()));
        assertThat(byConnection.values()).allMatch(count -> count <= 3);
        goOn.countDown();

        for (int i = 0; i < 7; i++) {
            assertThat(client.answer(2 * i + 1).body()).isEqualTo("waited");
        }
    }

    @Test
    void haveRequestsWaitWhenAllConnectionsAreFull() throws IOException {
        for (int i = 0; i < 5; i++) {
            client.get(2 * i + 1, "/narrow/wait");
        }
        eventually(() -> assertThat(backend("narrow").exchanges()).hasSize(2));
        goOn.countDown();

        for (int i = 0; i < 5; i++) {
            assertThat(client.answer(2 * i + 1).body()).isEqualTo("waited");
        }
        assertThat(backend("narrow").accepted()).isEqualTo(1);
    }

    @Test
    void mayGoAwayWithoutAnyRequestLost() throws IOException {
        CALLS.set(0);
        client.get(1, "/leaving/wait");
        eventually(() -> assertThat(backend("leaving").exchanges()).isNotEmpty());
        client.frame(HEADERS, END_HEADERS, 3, head("POST", "/leaving/last")).frame(DATA, END_STREAM, 3, text("body"));

        assertThat(client.answer(3).body()).as("sent anew, body and all").isEqualTo("body");
        goOn.countDown();
        assertThat(client.answer(1).body()).as("begun before").isEqualTo("waited");
        assertThat(backend("leaving").accepted()).isEqualTo(2);
        eventually(() -> assertThat(backend("leaving").connections()).isEqualTo(1));
    }

    @Test
    void mayRefuseARequestThatThenIsSentAnew() throws IOException {
        CALLS.set(0);
        client.frame(HEADERS, END_HEADERS, 1, head("POST", "/moody/")).frame(DATA, END_STREAM, 1, text("body"));
        assertThat(client.answer(1).body()).isEqualTo("body");
        client.get(3, "/moody/");
        assertThat(client.answer(3).status()).isEqualTo(200);
        assertThat(backend("moody").accepted()).isEqualTo(1);
    }

    @Test
    void thatRefuseEverythingAreGoneAround() throws IOException {
        for (int i = 0; i < 4; i++) {
            client.frame(HEADERS, END_HEADERS, 2 * i + 1, head("POST", "/both/"))
                    .frame(DATA, END_STREAM, 2 * i + 1, text("body"));
            assertThat(client.answer(2 * i + 1).body()).isEqualTo("body");
        }
        client.get(9, "/closed/");
        assertThat(client.answer(9).status()).isEqualTo(502);
        assertThat(client.answer(9).field("proxy-status")).isEqualTo("velo; error=connection_refused");
    }

    @ParameterizedTest
    @CsvSource({
        "cancelled, connection_terminated",
        "cut, connection_terminated",
        "nothing, http_protocol_error",
        "status, http_protocol_error",
        "switch, http_protocol_error",
        "field, http_protocol_error",
        "long, http_protocol_error",
        "huge, http_protocol_error"
    })
    void thatFailBeforeTheyAnswerAreToBlame(String path, String error) throws IOException {
        client.frame(HEADERS, END_HEADERS | END_STREAM, 1, head("POST", "/one/" + path));

        assertThat(client.answer(1).field("proxy-status")).isEqualTo("velo; error=" + error);
        assertThat(client.answer(1).status()).isEqualTo(502);
        client.get(3, "/one/");
        assertThat(client.answer(3).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({"broken", "less"})
    void thatBreakOffNeverLookWhole(String path) throws IOException {
        client.get(1, "/one/wait");
        client.get(3, "/one/" + path);

        assertThat(client.head(3).status()).isEqualTo(200);
        goOn.countDown();
        assertThat(client.answer(3).reset()).isEqualTo(INTERNAL_ERROR);
        assertThat(client.answer(1).body()).as("beside it").isEqualTo("waited");
    }

    @Test
    void hearOfClientsThatLeave() throws Exception {
        client.get(1, "/one/begin").get(3, "/one/never");
        assertThat(client.head(1).heads()).isNotEmpty();
        eventually(() -> assertThat(exchangeOf("/one/never")).isNotNull());
        long aborted = velo.requests("aborted", "client_aborted");

        client.frame(RST_STREAM, 0, 1, number((int) CANCEL));
        client.frame(RST_STREAM, 0, 3, number((int) CANCEL));

        assertThat(exchangeOf("/one/begin").awaitReset()).isEqualTo(CANCEL);
        assertThat(exchangeOf("/one/never").awaitReset()).isEqualTo(CANCEL);
        eventually(() -> assertThat(velo.requests("aborted", "client_aborted")).isGreaterThanOrEqualTo(aborted + 2));
        client.get(5, "/one/");
        assertThat(client.answer(5).status()).isEqualTo(200);
    }

    private RawHttp2Backend.Exchange exchangeOf(String path) {
        return BACKENDS.values().stream()
                .flatMap(each -> each.exchanges().stream())
                .filter(each -> each.path().equals(path))
                .reduce((first, second) -> second)
                .orElse(null);
    }

    @Test
    void areHeldUpByASlowClientAlone() throws IOException {
        long before = WRITTEN.get();
        client.frame(WINDOW_UPDATE, 0, 0, number(1 << 30)); // but not for the stream
        client.get(1, "/one/much");
        long[] last = {-1};
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(300))
                .until(() -> WRITTEN.get() > before && last[0] == (last[0] = WRITTEN.get()));
        assertThat(WRITTEN.get() - before).isLessThan(4_000_000);

        for (int i = 1; i <= 20; i++) {
            client.get(2 * i + 1, "/one/some");
            assertThat(client.answer(2 * i + 1).body()).hasSize(50_000);
        }
        assertThat(exchangeOf("/one/some").port())
                .as("on the same connection")
                .isEqualTo(exchangeOf("/one/much").port());
        client.frame(WINDOW_UPDATE, 0, 1, number(1 << 20));
        eventually(() -> assertThat(WRITTEN.get()).as("it goes on").isGreaterThan(last[0]));
    }

    @Test
    void holdClientsUpThatSendMoreThanTheyTake() throws Exception {
        RawHttp2Backend backend = backend("stingy");
        backend.stingy(true);
        AtomicLong sent = new AtomicLong();
        byte[] part = new byte[100_000];
        try (RawClient uploading = RawClient.to(velo.port())) {
            uploading.send("POST /stingy/ HTTP/1.1\r\nHost: velo.test\r\nContent-Length: 30000000\r\n\r\n");
            Thread writer = new Thread(() -> {
                try {
                    for (int i = 0; i < 300; i++) {
                        uploading.send(part);
                        sent.addAndGet(part.length);
                    }
                } catch (IOException e) {
                    sent.set(-1);
                }
            });
            writer.start();
            long[] last = {-1};
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(300))
                    .until(() -> sent.get() > 0 && last[0] == (last[0] = sent.get()));
            assertThat(sent.get()).isLessThan(25_000_000);
            assertThat(exchangeOf("/stingy/").received()).isLessThanOrEqualTo(65_535);

            backend.stingy(false);
            eventually(() -> assertThat(exchangeOf("/stingy/").received()).isEqualTo(30_000_000));
            assertThat(uploading.read().status()).isEqualTo(200);
        }
    }

    @Test
    void giveHeadsInterimAnswersAndTrailers() throws IOException {
        client.frame(HEADERS, END_STREAM | END_HEADERS, 1, head("HEAD", "/one/head"));
        client.get(3, "/one/empty").get(5, "/one/early").get(7, "/one/trailers");

        assertThat(client.answer(1).status()).isEqualTo(200);
        assertThat(client.answer(1).field("content-length")).isEqualTo("1000");
        assertThat(client.answer(1).body()).isEmpty();
        assertThat(client.answer(3).status()).isEqualTo(204);
        assertThat(client.answer(5).heads().get(0).status()).hasToString("103");
        assertThat(client.answer(5).body()).isEqualTo("ok");
        assertThat(client.answer(7).body()).isEqualTo("body");
        assertThat(client.answer(7).field("grpc-status")).isEqualTo("0");
        assertThat(client.answer(7).field("content-length")).isEmpty();
        assertThat(client.answer(7).field("proxy-authenticate")).isEmpty();
    }

    @Test
    void talkToClientsOfHttp11() throws IOException {
        try (RawClient http11 = RawClient.to(velo.port())) {
            for (String path : List.of("trailers", "some", "empty", "echo")) {
                RawClient.Answer answer = http11.send("GET /one/" + path + " HTTP/1.1\r\nHost: velo.test\r\n\r\n")
                        .read();
                assertThat(answer.status()).isEqualTo(path.equals("empty") ? 204 : 200);
                assertThat(answer.whole()).as(path).isTrue();
            }
        }
    }

    @Test
    void thatAreSilentGetNoMoreRequestsOnThatConnection() throws IOException {
        client.get(1, "/silent/never");
        assertThat(client.answer(1).status()).isEqualTo(504);
        assertThat(client.answer(1).field("proxy-status")).isEqualTo("velo; error=http_response_timeout");

        client.get(3, "/silent/");
        assertThat(client.answer(3).status()).isEqualTo(200);
        assertThat(backend("silent").accepted()).isEqualTo(2);
    }

    @Test
    void thatAnswerNoPingAreDead() throws IOException {
        client.get(1, "/dead/never");
        assertThat(client.answer(1).field("proxy-status")).isEqualTo("velo; error=connection_terminated");
        assertThat(client.answer(1).status()).isEqualTo(502);
    }

    @Test
    void thatAnswerPingsMayBeSilent() throws IOException {
        client.get(1, "/quiet/wait");
        eventually(() -> assertThat(backend("quiet").pings()).isPositive());
        goOn.countDown();
        assertThat(client.answer(1).body()).isEqualTo("waited");
        assertThat(backend("quiet").accepted()).isEqualTo(1);
    }

    @Test
    void loseConnectionsThatNobodyUses() throws IOException {
        client.get(1, "/idle/");
        assertThat(client.answer(1).status()).isEqualTo(200);

        eventually(() -> assertThat(backend("idle").connections()).isZero());
        assertThat(backend("idle").goAways()).isEqualTo(1);
    }

    @Test
    void loseConnectionsThatAreOld() throws IOException {
        AtomicInteger stream = new AtomicInteger(1);
        eventually(() -> {
            int next = stream.getAndAdd(2);
            client.get(next, "/short/");
            assertThat(client.answer(next).status()).isEqualTo(200);
            assertThat(backend("short").accepted()).isGreaterThan(2);
        });
    }

    @Test
    void getCopiesOfRequests() throws IOException {
        client.frame(HEADERS, END_HEADERS, 1, head("POST", "/old/echo")).frame(DATA, END_STREAM, 1, text("body"));
        assertThat(client.answer(1).status()).isEqualTo(200);

        eventually(() -> assertThat(backend("copies").exchanges()).hasSize(1));
        eventually(() ->
                assertThat(backend("copies").exchanges().get(0).received()).isEqualTo(4));
        assertThat(backend("copies").exchanges().get(0).head().get("velo-mirror"))
                .hasToString("old");
    }

    @Test
    void areAskedForSessionsByHttp11() throws IOException {
        try (RawClient session = RawClient.to(velo.port())) {
            session.send("GET /wrong/ HTTP/1.1\r\nHost: velo.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                    + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
            assertThat(session.read().status()).isEqualTo(101);
        }
    }

    @Test
    void haveToSpeakHttp2() throws IOException {
        client.get(1, "/wrong/");
        assertThat(client.answer(1).status()).isEqualTo(502);
        assertThat(client.answer(1).field("proxy-status")).isEqualTo("velo; error=http_protocol_error");
    }
}
