package io.velo.lanes;

import static io.opentelemetry.proto.trace.v1.Span.SpanKind.SPAN_KIND_CLIENT;
import static io.opentelemetry.proto.trace.v1.Span.SpanKind.SPAN_KIND_SERVER;
import static io.opentelemetry.proto.trace.v1.Status.StatusCode.STATUS_CODE_ERROR;
import static io.opentelemetry.proto.trace.v1.Status.StatusCode.STATUS_CODE_UNSET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.awaitility.Awaitility.await;

import io.velo.route.Lane;
import io.velo.testing.AccessLogFile;
import io.velo.testing.OtlpReceiver;
import io.velo.testing.OtlpReceiver.Seen;
import io.velo.testing.RawBackend;
import io.velo.testing.RawClient;
import io.velo.testing.RunningVelo;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;

/** Spans as a collector gets them: the same whichever lane a request takes. */
@ParameterizedClass(name = "{0}")
@EnumSource(Lane.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TracingIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String TRACE_ID = "0af7651916cd43dd8448eb211c80319c";
    private static final String PARENT_ID = "b7ad6b7169203331";
    private static final String ROUTES = "spring.cloud.gateway.server.webflux.routes";

    private final AtomicInteger asked = new AtomicInteger(); // of what two backends are asked for

    private final RawBackend.Script script = exchange -> {
        switch (exchange.target().split("\\?", 2)[0]) {
            case "/silent" -> exchange.awaitClose();
            case "/tail" -> {
                if (asked.getAndIncrement() == 0) {
                    exchange.awaitClose();
                } else {
                    exchange.answer(200, "quick");
                }
            }
            case "/cut" -> {
                exchange.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\ncut");
                exchange.reset();
            }
            case "/broken" -> exchange.answer(500, "sorry");
            case "/missing" -> exchange.answer(404, "what?");
            default -> exchange.answer(200, "whole");
        }
    };

    @Parameter
    private Lane lane;

    private OtlpReceiver collector;
    private RawBackend backend;
    private RawBackend second;
    private DisposableServer echo;
    private RunningVelo velo;
    private AccessLogFile log;

    @BeforeParameterizedClassInvocation
    void start(Lane of, @TempDir Path folder) throws IOException {
        lane = of;
        collector = new OtlpReceiver();
        backend = RawBackend.doing(script);
        second = RawBackend.doing(script);
        echo = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .route(routes -> routes.ws(
                        "/chat", (in, out) -> out.sendString(in.receive().asString())))
                .bindNow();
        log = new AccessLogFile(folder.resolve("access.log"));
        String[] own = {
            "lb.circuit.failure-threshold=1000",
            "lb.pools.frail.backends=" + refused() + "," + backend.url(),
            "lb.pools.chat.backends=http://127.0.0.1:" + echo.port(),
            ROUTES + "[0].id=frail",
            ROUTES + "[0].uri=lb://frail",
            ROUTES + "[0].predicates[0]=Path=/frail/**",
            ROUTES + "[0].filters[0]=StripPrefix=1",
            ROUTES + "[1].id=chat",
            ROUTES + "[1].uri=lb://chat",
            ROUTES + "[1].predicates[0]=Path=/chat",
            ROUTES + "[2].id=outside",
            ROUTES + "[2].uri=" + backend.url(),
            ROUTES + "[2].predicates[0]=Path=/outside",
            "lb.pools.tail.backends=" + backend.url() + "," + second.url(),
            "lb.pools.tail.retry.hedge-delay=100ms",
            ROUTES + "[3].id=tail",
            ROUTES + "[3].uri=lb://tail",
            ROUTES + "[3].predicates[0]=Path=/tail",
            ROUTES + "[4].id=web",
            ROUTES + "[4].uri=lb://default",
            ROUTES + "[4].predicates[0]=Path=/**"
        };
        velo = RunningVelo.unprobed(
                lane,
                List.of(backend),
                Stream.of(collector.properties(), log.properties(), own)
                        .flatMap(Stream::of)
                        .toArray(String[]::new));
    }

    @AfterParameterizedClassInvocation
    void stop() throws IOException {
        velo.close();
        backend.close();
        second.close();
        echo.disposeNow();
        collector.close();
    }

    @AfterEach
    void nothingIsLeftInFlight() {
        velo.awaitIdle();
    }

    private static String refused() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return "http://127.0.0.1:" + socket.getLocalPort();
        }
    }

    private String id() {
        return "127.0.0.1:" + backend.port();
    }

    private static String get(String target, String flags) {
        return "GET " + target + " HTTP/1.1\r\nHost: velo.test:8090\r\nUser-Agent: curl/8\r\nTraceparent: 00-"
                + TRACE_ID + "-" + PARENT_ID + "-" + flags + "\r\nTracestate: a=1,b=2\r\n\r\n";
    }

    /** The field of the last request that the backend got, of those with this target. */
    private String received(String target, String field) {
        String head = backend.heads().stream()
                .filter(each -> each.contains(" " + target + " "))
                .reduce((first, second) -> second)
                .orElseThrow();
        return new RawBackend.Exchange(null, head).field(field);
    }

    @Test
    void hasASpanForTheRequestAndOneForItsAttempt() throws IOException {
        RawClient.ask(velo.port(), get("/a%20b?c=d&sig=secret", "01"));

        List<Seen> spans = collector.trace("/a%20b", 1);
        Seen server = spans.get(0);
        Seen client = spans.get(1);
        assertThat(server)
                .returns("velo", Seen::service)
                .returns(TRACE_ID, Seen::traceId)
                .returns(PARENT_ID, Seen::parent)
                .returns("GET web", Seen::name)
                .returns(SPAN_KIND_SERVER, Seen::kind)
                .returns(STATUS_CODE_UNSET, Seen::status);
        assertThat(server.attributes())
                .containsExactlyInAnyOrderEntriesOf(Map.ofEntries(
                        entry("http.request.method", "GET"),
                        entry("http.response.status_code", 200L),
                        entry("url.scheme", "http"),
                        entry("url.path", "/a%20b"),
                        entry("url.query", "c=d&sig=REDACTED"),
                        entry("server.address", "velo.test"),
                        entry("server.port", 8090L),
                        entry("client.address", "127.0.0.1"),
                        entry("network.peer.address", "127.0.0.1"),
                        entry("network.protocol.version", "1.1"),
                        entry("user_agent.original", "curl/8"),
                        entry("velo.route", "web"),
                        entry("velo.pool", "default"),
                        entry("velo.backend", id()),
                        entry("velo.lane", lane.word()),
                        entry("velo.attempts", 1L)));
        assertThat(client)
                .returns(server.id(), Seen::parent)
                .returns("GET", Seen::name)
                .returns(SPAN_KIND_CLIENT, Seen::kind)
                .returns(STATUS_CODE_UNSET, Seen::status);
        assertThat(client.attributes())
                .containsExactlyInAnyOrderEntriesOf(Map.ofEntries(
                        entry("http.request.method", "GET"),
                        entry("http.response.status_code", 200L),
                        entry("url.full", backend.url() + "/a%20b?c=d&sig=REDACTED"),
                        entry("server.address", "127.0.0.1"),
                        entry("server.port", (long) backend.port()),
                        entry("network.protocol.version", "1.1"),
                        entry("velo.pool", "default"),
                        entry("velo.backend", id()),
                        entry("velo.lane", lane.word())));
        assertThat(client.start()).isBetween(server.start(), client.end());
        assertThat(received("/a%20b?c=d&sig=secret", "traceparent"))
                .isEqualTo("00-" + TRACE_ID + "-" + client.id() + "-01");
        assertThat(received("/a%20b?c=d&sig=secret", "tracestate")).isEqualTo("a=1,b=2");
    }

    @Test
    void beginsATraceThatTheAccessLogTellsToo() throws IOException {
        RawClient.get(velo.port(), "/begins");

        List<Seen> spans = collector.trace("/begins", 1);
        assertThat(spans.get(0).parent()).isEmpty();
        assertThat(received("/begins", "traceparent"))
                .startsWith("00-" + spans.get(0).traceId() + "-" + spans.get(1).id() + "-0");
        assertThat(log.until("/begins"))
                .filteredOn("target", "/begins")
                .extracting("trace_id")
                .containsExactly(spans.get(0).traceId());
    }

    @Test
    void sendsNothingOfARequestThatTheClientDoesNotSample() throws IOException {
        String other = "1af7651916cd43dd8448eb211c80319c";
        RawClient.ask(velo.port(), get("/unsampled", "00").replace(TRACE_ID, other));
        RawClient.get(velo.port(), "/sampled");
        collector.trace("/sampled", 1);

        assertThat(received("/unsampled", "traceparent"))
                .startsWith("00-" + other + "-")
                .endsWith("-00")
                .doesNotContain(PARENT_ID);
        assertThat(collector.knows(other)).isFalse();
    }

    @Test
    void takesTwoParentsForNone() throws IOException {
        RawClient.ask(
                velo.port(),
                get("/twice", "01")
                        .replace("\r\n\r\n", "\r\nTraceparent: 00-" + TRACE_ID + "-" + PARENT_ID + "-01\r\n\r\n"));

        List<Seen> spans = collector.trace("/twice", 1);
        assertThat(spans.get(0).traceId()).isNotEqualTo(TRACE_ID);
        assertThat(received("/twice", "traceparent")).contains(spans.get(0).traceId());
    }

    @Test
    void hasASpanForEachAttempt() throws IOException {
        RawClient.get(velo.port(), "/frail/1");
        RawClient.get(velo.port(), "/frail/2"); // one of them comes to the backend that refuses first

        String path = attempts("/frail/1") == 2 ? "/frail/1" : "/frail/2";
        List<Seen> spans = collector.trace(path, 2);
        assertThat(spans.get(0).attributes())
                .contains(
                        entry("velo.attempts", 2L),
                        entry("velo.backend", id()),
                        entry("http.response.status_code", 200L))
                .doesNotContainKey("error.type");
        assertThat(spans.get(1).status()).isEqualTo(STATUS_CODE_ERROR);
        assertThat(spans.get(1).attributes())
                .containsEntry("error.type", "connection_refused")
                .containsKey("url.full")
                .doesNotContainKeys("http.response.status_code", "http.request.resend_count");
        assertThat(spans.get(2).status()).isEqualTo(STATUS_CODE_UNSET);
        assertThat(spans.get(2).attributes())
                .contains(
                        entry("http.request.resend_count", 1L),
                        entry("velo.pool", "frail"),
                        entry("url.full", backend.url() + path.substring("/frail".length())));
        assertThat(spans).allSatisfy(span -> assertThat(span.end()).isGreaterThanOrEqualTo(span.start()));
    }

    @Test
    void tellsEachOfTwoBackendsThatAreAskedBesideWhichAttemptItIs() throws IOException {
        asked.set(0);

        assertThat(RawClient.ask(velo.port(), get("/tail", "01")).body()).isEqualTo("quick");

        List<Seen> spans = collector.trace("/tail", 2);
        assertThat(Stream.of(backend, second).flatMap(each -> each.heads().stream()))
                .filteredOn(head -> head.contains(" /tail "))
                .extracting(head -> new RawBackend.Exchange(null, head).field("traceparent"))
                .containsExactlyInAnyOrder(
                        "00-" + TRACE_ID + "-" + spans.get(1).id() + "-01",
                        "00-" + TRACE_ID + "-" + spans.get(2).id() + "-01");
        assertThat(spans.subList(1, 3))
                .extracting(span -> span.attributes().get("url.full"))
                .containsExactlyInAnyOrder(backend.url() + "/tail", second.url() + "/tail");
    }

    private int attempts(String path) {
        return ((Long) collector.server(path).attributes().get("velo.attempts")).intValue();
    }

    @Test
    void marksWhatTheBackendFails() throws IOException {
        RawClient.get(velo.port(), "/broken");
        assertThat(collector.trace("/broken", 1)).allSatisfy(span -> {
            assertThat(span.status()).isEqualTo(STATUS_CODE_ERROR);
            assertThat(span.attributes())
                    .contains(entry("http.response.status_code", 500L), entry("error.type", "500"));
        });

        RawClient.get(velo.port(), "/cut");
        assertThat(collector.trace("/cut", 1)).allSatisfy(span -> {
            assertThat(span.status()).isEqualTo(STATUS_CODE_ERROR);
            assertThat(span.attributes())
                    .contains(
                            entry("http.response.status_code", 200L), entry("error.type", "http_response_incomplete"));
        });
    }

    @Test
    void takesTheClientsMistakesForItsOwn() throws IOException {
        RawClient.get(velo.port(), "/missing");

        List<Seen> spans = collector.trace("/missing", 1);
        assertThat(spans).extracting(Seen::status).containsExactly(STATUS_CODE_UNSET, STATUS_CODE_ERROR);
        assertThat(spans.get(0).attributes())
                .containsEntry("http.response.status_code", 404L)
                .doesNotContainKey("error.type");
        assertThat(spans.get(1).attributes()).containsEntry("error.type", "404");
    }

    @Test
    void endsWhenTheClientLeaves() throws IOException {
        try (RawClient client = RawClient.to(velo.port()).send(get("/silent", "01"))) {
            await().until(() -> backend.heads().stream().anyMatch(head -> head.contains("/silent")));
        }

        assertThat(collector.trace("/silent", 1)).allSatisfy(span -> {
            assertThat(span.status()).isEqualTo(STATUS_CODE_UNSET);
            assertThat(span.attributes())
                    .containsEntry("error.type", "client_aborted")
                    .doesNotContainKey("http.response.status_code");
        });
    }

    @Test
    void tellsOfRefusedRequests() throws IOException {
        RawClient.ask(velo.port(), "BREW /refused HTTP/1.1\r\n\r\n");

        Seen server = collector.trace("/refused", 0).get(0);
        assertThat(server).returns("HTTP", Seen::name).returns(STATUS_CODE_UNSET, Seen::status);
        assertThat(server.attributes())
                .contains(
                        entry("http.request.method", "_OTHER"),
                        entry("http.request.method_original", "BREW"),
                        entry("http.response.status_code", 400L),
                        entry("error.type", "http_request_error"));
    }

    @Test
    void lastsAsLongAsASession() {
        String said = HttpClient.create()
                .websocket()
                .uri("ws://127.0.0.1:" + velo.port() + "/chat")
                .handle((in, out) -> out.sendString(Mono.just("hello"))
                        .then()
                        .thenMany(in.receive().asString().take(1)))
                .blockLast(PATIENCE);

        assertThat(said).isEqualTo("hello");
        assertThat(collector.trace("/chat", 1)).allSatisfy(span -> assertThat(span.attributes())
                .contains(entry("http.response.status_code", 101L), entry("velo.pool", "chat")));
    }

    /** Such a route takes the lane of the gateway in any case. */
    @Test
    void passesTheTraceOnWhereThereIsNoPool() throws IOException {
        RawClient.ask(velo.port(), get("/outside", "01"));

        Seen server = collector.trace("/outside", 0).get(0);
        assertThat(received("/outside", "traceparent")).isEqualTo("00-" + TRACE_ID + "-" + server.id() + "-01");
    }
}
