package io.velo.lanes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.protobuf.services.HealthStatusManager;
import io.micrometer.core.instrument.Timer;
import io.velo.backend.Backend;
import io.velo.backend.BackendState;
import io.velo.backend.ProbeResult;
import io.velo.grpc.Base64Parts;
import io.velo.route.Lane;
import io.velo.testing.GrpcBackend;
import io.velo.testing.GrpcBackend.Call;
import io.velo.testing.GrpcClient;
import io.velo.testing.RawClient;
import io.velo.testing.RunningVelo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;

/** Calls of gRPC. Each pool serves the gRPC service of its name. */
@ParameterizedClass
@EnumSource(Lane.class)
class GrpcIT {

    private static final Metadata.Key<String> TIMEOUT =
            Metadata.Key.of("grpc-timeout", Metadata.ASCII_STRING_MARSHALLER);

    private static final List<GrpcBackend> BACKENDS = new ArrayList<>();

    private static GrpcBackend a;
    private static GrpcBackend dying;

    private static RunningVelo velo;

    private GrpcClient client;

    private final Lane lane;

    GrpcIT(Lane lane) {
        this.lane = lane;
    }

    @BeforeParameterizedClassInvocation
    static void start(Lane lane) {
        BACKENDS.clear();
        Stream.of("a", "b", "c", "d", "e", "f").map(GrpcBackend::new).forEach(BACKENDS::add);
        a = BACKENDS.get(0);
        dying = BACKENDS.get(5);
        List<String> properties = new ArrayList<>(List.of(
                "server.http2.enabled=true",
                "lb.health.enabled=false",
                "lb.circuit.failure-threshold=1000",
                "lb.client.body-timeout=1s"));
        pool(properties, "one", a);
        pool(properties, "three", BACKENDS.get(0), BACKENDS.get(1), BACKENDS.get(2));
        pool(properties, "full");
        properties.add("lb.pools.full.backends[0].url=" + a.url());
        properties.add("lb.pools.full.backends[0].max-in-flight=2");
        properties.add("lb.pools.full.connections.queue=0");
        pool(properties, "gone");
        properties.add("lb.pools.gone.backends=h2c://127.0.0.1:11");
        pool(properties, "plain");
        properties.add("lb.pools.plain.backends=http://127.0.0.1:1");
        pool(properties, "failing", BACKENDS.get(3), BACKENDS.get(4));
        properties.add("lb.pools.failing.circuit.failure-threshold=3");
        pool(properties, "dying", dying);
        pool(properties, "slow", a);
        properties.add("lb.pools.slow.timeouts.response=100ms");
        pool(properties, "probed", BACKENDS.get(1));
        properties.add("lb.pools.probed.health.enabled=true");
        properties.add("lb.pools.probed.health.type=grpc");
        properties.add("lb.pools.probed.health.service=shop.v1.Cart");
        properties.add("lb.pools.probed.health.interval=2s");
        properties.add("lb.pools.probed.health.fast-interval=50ms");
        properties.add("lb.pools.probed.health.timeout=2s");
        route(properties, "web", "Path=/web/**", "one");
        properties.add(webFilter(properties));
        velo = RunningVelo.with(lane, properties.toArray(String[]::new));
    }

    private static String webFilter(List<String> properties) {
        long index = properties.stream()
                        .filter(each -> each.contains(".predicates[0]="))
                        .count()
                - 1;
        return "spring.cloud.gateway.server.webflux.routes[" + index + "].filters[1]=GrpcWeb";
    }

    private static void pool(List<String> properties, String name, GrpcBackend... backends) {
        if (backends.length > 0) {
            properties.add("lb.pools." + name + ".backends="
                    + Stream.of(backends).map(GrpcBackend::url).collect(Collectors.joining(",")));
        }
        route(properties, name, "Path=/" + name + "/**", name);
    }

    private static void route(List<String> properties, String id, String predicate, String pool) {
        long index = properties.stream()
                .filter(each -> each.contains(".predicates[0]="))
                .count();
        String key = "spring.cloud.gateway.server.webflux.routes[" + index + "].";
        properties.add(key + "id=" + id);
        properties.add(key + "uri=lb://" + pool);
        properties.add(key + "predicates[0]=" + predicate);
        // the backends must not see deadlines, or nobody could tell who keeps them
        properties.add(key + "filters[0]=RemoveRequestHeader=grpc-timeout");
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        velo.close();
        BACKENDS.forEach(GrpcBackend::close);
    }

    @BeforeEach
    void connect() {
        client = new GrpcClient(velo.port());
    }

    @AfterEach
    void leave() {
        velo.awaitIdle();
        client.close();
    }

    private static void eventually(ThrowingRunnable assertion) {
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(10))
                .untilAsserted(assertion);
    }

    private static long ended(String pool, String outcome, String reason) {
        return velo
                .registry()
                .find("lb.requests")
                .tag("pool", pool)
                .tag("outcome", outcome)
                .tag("reason", reason)
                .timers()
                .stream()
                .mapToLong(Timer::count)
                .sum();
    }

    private static Metadata within(String timeout) {
        Metadata fields = new Metadata();
        fields.put(TIMEOUT, timeout);
        return fields;
    }

    @Test
    void spreadsTheCallsOfOneConnection() {
        List<String> answers = IntStream.range(0, 1000).mapToObj(i -> client.ask("three")).toList().stream()
                .map(CompletableFuture::join)
                .toList();

        Map<String, Long> counts = answers.stream().collect(Collectors.groupingBy(each -> each, Collectors.counting()));
        assertThat(counts).containsOnlyKeys("a", "b", "c");
        assertThat(counts.values()).allMatch(each -> each == 333 || each == 334);
        eventually(() -> assertThat(velo.requests(lane)).isGreaterThanOrEqualTo(1000));
    }

    @ParameterizedTest
    @CsvSource({
        "0, success",
        "1, client_error",
        "2, server_error",
        "3, client_error",
        "4, server_error",
        "5, client_error",
        "8, client_error",
        "12, server_error",
        "13, server_error",
        "14, server_error",
        "16, client_error"
    })
    void passesOnHowACallEndsAndCountsIt(int code, String outcome) {
        long before = ended("one", outcome, "none");

        GrpcClient.End end = code == 0
                ? client.begin(Call.ECHO, "one", "x").take(1).finish().end()
                : client.begin(Call.FAIL, "one", Integer.toString(code)).end();

        assertThat(end.status().getCode().value()).isEqualTo(code);
        assertThat(end.status().getDescription()).isEqualTo(code == 0 ? null : "on purpose");
        assertThat(end.trailers().get(GrpcBackend.TRAILER)).isEqualTo(code == 0 ? null : "behind");
        eventually(() -> assertThat(ended("one", outcome, "none")).isEqualTo(before + 1));
    }

    @Test
    void leavesAHeadThatIsAlsoTheEndWhatItIs() {
        List<String> seen = HttpClient.create()
                .protocol(HttpProtocol.H2C)
                .headers(fields -> fields.set("Content-Type", "application/grpc"))
                .post()
                .uri("http://127.0.0.1:" + velo.port() + "/one/NOTHING")
                .send((request, outbound) -> outbound)
                .responseSingle((head, body) -> body.asByteArray()
                        .map(bytes -> bytes.length)
                        .defaultIfEmpty(0)
                        .zipWith(head.trailerHeaders()
                                .map(trailers -> trailers.names().size())
                                .defaultIfEmpty(0))
                        .map(both -> List.of(
                                head.responseHeaders().get("grpc-status"),
                                "bytes " + both.getT1(),
                                "trailers " + both.getT2())))
                .block(Duration.ofSeconds(30));

        assertThat(seen).containsExactly("2", "bytes 0", "trailers 0");
    }

    @ParameterizedTest
    @CsvSource({
        "gone, 14, connection_refused: The backend refused the connection.",
        "nowhere, 12, destination_not_found: No route or pool takes this request."
    })
    void failsCallsAsGrpcDoes(String service, int code, String message) {
        GrpcClient.End end = client.begin(Call.SAY, service, "").end();

        assertThat(end.status().getCode().value()).isEqualTo(code);
        assertThat(end.status().getDescription()).isEqualTo(message);
        assertThat(end.trailers().get(Metadata.Key.of("proxy-status", Metadata.ASCII_STRING_MARSHALLER)))
                .startsWith("velo; error=");
    }

    @Test
    void failsThoseToBackendsOfHttp11Alike() throws IOException {
        RawClient.Answer answer = RawClient.ask(
                velo.port(),
                "POST /plain/SAY HTTP/1.1\r\nHost: velo.test\r\nContent-Type: application/grpc\r\nContent-Length: 0\r\n\r\n");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEmpty();
        assertThat(answer.field("grpc-status")).isEqualTo("14");
        assertThat(answer.field("grpc-message")).isEqualTo("connection_refused: The backend refused the connection.");
        assertThat(answer.field("Proxy-Status")).isEqualTo("velo; error=connection_refused");
        assertThat(answer.field("Content-Type")).isEqualTo("application/grpc");
    }

    @Test
    void countsCallsAgainstWhatABackendTakesAtOnce() throws Exception {
        GrpcClient.Begun first = client.begin(Call.ECHO, "full", "x");
        GrpcClient.Begun second = client.begin(Call.ECHO, "full", "y");
        assertThat(first.message()).isEqualTo("x");
        assertThat(second.message()).isEqualTo("y");

        GrpcClient.End third = client.begin(Call.SAY, "full", "").end();
        assertThat(third.status().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(third.status().getDescription()).startsWith("connection_limit_reached");

        assertThat(first.finish().end().status().isOk()).isTrue();
        assertThat(second.finish().end().status().isOk()).isTrue();
    }

    @Test
    void keepsTheDeadlineOfTheClient() {
        int cancelled = a.cancelled();
        long before = ended("one", "failed", "http_response_timeout");

        GrpcClient.End end = client.begin(Call.HANG, "one", "", within("1S")).end();

        assertThat(end.status().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        eventually(() -> assertThat(a.cancelled()).isEqualTo(cancelled + 1));
        eventually(() ->
                assertThat(ended("one", "failed", "http_response_timeout")).isEqualTo(before + 1));
        assertThat(velo.pool("one").backends().get(0).breaker().figures().failuresInARow())
                .as("the client may have been in too much of a hurry")
                .isZero();
    }

    @Test
    void takesATimeOfZeroAsOver() {
        GrpcClient.End end = client.begin(Call.HANG, "one", "", within("0m")).end();

        assertThat(end.status().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
    }

    @Test
    void keepsItsOwnTimeWhereThatIsShorter() {
        int cancelled = a.cancelled();

        GrpcClient.End end = client.begin(Call.HANG, "slow", "", within("1H")).end();

        assertThat(end.status().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        assertThat(end.status().getDescription())
                .isEqualTo("http_response_timeout: The backend did not answer in time.");
        eventually(() -> assertThat(a.cancelled()).isEqualTo(cancelled + 1));
    }

    @Test
    void breaksAnAnswerOffAtTheDeadline() throws Exception {
        int cancelled = a.cancelled();

        GrpcClient.Begun begun = client.begin(Call.BEGIN, "one", "", within("2S"));
        assertThat(begun.message()).isEqualTo("a");

        assertThat(begun.end().status().isOk()).isFalse();
        eventually(() -> assertThat(a.cancelled()).isEqualTo(cancelled + 1));
    }

    @ParameterizedTest
    @CsvSource({"HANG", "BEGIN"})
    void tellsTheBackendThatTheClientLeft(Call call) throws Exception {
        int hanging = a.hanging();
        int cancelled = a.cancelled();
        long before = ended("one", "aborted", "client_aborted");
        GrpcClient.Begun begun = client.begin(call, "one", "");
        if (call == Call.BEGIN) {
            assertThat(begun.message()).isEqualTo("a");
        }
        eventually(() -> assertThat(a.hanging()).isEqualTo(hanging + 1));

        begun.cancel();

        eventually(() -> assertThat(a.cancelled()).isEqualTo(cancelled + 1));
        eventually(() -> assertThat(ended("one", "aborted", "client_aborted")).isEqualTo(before + 1));
    }

    @Test
    void neverEndsWellWhatTheBackendBrokeOff() throws Exception {
        GrpcClient.Begun begun = client.begin(Call.BEGIN, "dying", "");
        assertThat(begun.message()).isEqualTo("f");

        dying.close();

        Status status = begun.end().status();
        assertThat(status.getCode()).as("%s", status).isEqualTo(Status.Code.INTERNAL);
        eventually(() ->
                assertThat(ended("dying", "failed", "http_response_incomplete")).isEqualTo(1));
        assertThat(client.ask("three").join()).as("on the same connection").hasSize(1);
    }

    @Test
    void ejectsABackendThatIsUnavailableToItsCalls() {
        while (velo.pool("failing").backends().stream().noneMatch(each -> each.state() == BackendState.EJECTED)) {
            Status status = client.begin(Call.FAIL, "failing", "14").end().status();
            assertThat(status.getDescription()).isEqualTo("on purpose");
        }
        assertThat(ended("failing", "server_error", "none")).isBetween(3L, 6L);
    }

    @Test
    void ejectsNobodyForWhatCallersDidWrong() {
        for (int i = 0; i < 10; i++) {
            assertThat(client.begin(Call.FAIL, "three", "3").end().status().getCode())
                    .isEqualTo(Status.Code.INVALID_ARGUMENT);
        }
        assertThat(velo.pool("three").backends()).allMatch(each -> each.state() == BackendState.UP);
    }

    @Test
    void holdsABackendUpThatSendsMoreThanItsClientTakes() throws Exception {
        GrpcClient.Begun begun = client.begin(Call.FLOOD, "one", "");
        assertThat(begun.message()).hasSize(64 << 10);

        long[] last = {-1};
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(500))
                .until(() -> last[0] == (last[0] = a.flooded()));
        assertThat(a.flooded()).isLessThan(GrpcBackend.FLOOD / 8);

        assertThat(begun.take(1000).message()).hasSize(64 << 10);
        eventually(() -> assertThat(a.flooded()).as("it goes on").isGreaterThan(last[0]));
        begun.cancel();
    }

    @Test
    void talksBothWaysForAsLongAsBothLike() throws Exception {
        GrpcClient.Begun begun = client.begin(Call.ECHO, "one", "0");
        for (int i = 0; i < 100; i++) {
            assertThat(begun.message()).isEqualTo(Integer.toString(i));
            begun.send(Integer.toString(i + 1));
        }
        assertThat(begun.message()).isEqualTo("100");
        assertThat(begun.finish().end().status().isOk()).isTrue();
    }

    @Test
    void leavesAStreamAloneInWhichNobodySaysAnything() throws Exception {
        GrpcClient.Begun begun = client.begin(Call.ECHO, "one", "x");
        assertThat(begun.message()).isEqualTo("x");

        assertThat(begun.quietFor(Duration.ofMillis(1500))).isTrue();

        begun.send("y");
        assertThat(begun.message()).isEqualTo("y");
        assertThat(begun.finish().end().status().isOk()).isTrue();
    }

    @Test
    void asksBackendsForTheHealthOfAService() {
        HealthStatusManager health = BACKENDS.get(1).health();
        Backend probed = velo.pool("probed").backends().get(0);

        eventually(() -> assertThat(why(probed)).isEqualTo("grpc-status 5 not found")); // it knows no such service
        health.setStatus("shop.v1.Cart", ServingStatus.SERVING);
        eventually(() -> assertThat(probed.state()).isEqualTo(BackendState.UP));
        assertThat(client.ask("probed").join()).isEqualTo("b");
        health.setStatus("shop.v1.Cart", ServingStatus.NOT_SERVING);
        eventually(() -> assertThat(probed.state()).isEqualTo(BackendState.DOWN));
        assertThat(why(probed)).isEqualTo("not serving");

        GrpcClient.End end = client.begin(Call.SAY, "probed", "").end();
        assertThat(end.status().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(end.status().getDescription())
                .isEqualTo("destination_unavailable: No backend can take this request now.");
    }

    private static String byWeb(String type, String method, String body) throws IOException {
        RawClient.Answer answer = RawClient.ask(
                velo.port(),
                "POST /web/" + method + " HTTP/1.1\r\nHost: velo.test\r\nContent-Type: " + type + "\r\nContent-Length: "
                        + body.length() + "\r\n\r\n" + body);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.field("Content-Type")).isEqualTo(type);
        return answer.field("grpc-status") + "|" + answer.body();
    }

    @Test
    void translatesForBrowsers() throws IOException {
        String asked = "\0\0\0\0\0";
        String answered = "\0\0\0\0\1a\u0080\0\0\0\20grpc-status: 0\r\n";

        assertThat(byWeb("application/grpc-web+proto", "SAY", asked)).isEqualTo("|" + answered);
        assertThat(byWeb("application/grpc-web", "NOTHING", asked)).isEqualTo("2|");

        String text = byWeb(
                "application/grpc-web-text",
                "SAY",
                Base64.getEncoder().encodeToString(asked.getBytes(StandardCharsets.ISO_8859_1)));
        assertThat(text).startsWith("|");
        assertThat(new String(
                        new Base64Parts().decode(text.substring(1).getBytes(StandardCharsets.ISO_8859_1)),
                        StandardCharsets.ISO_8859_1))
                .isEqualTo(answered);
    }

    private static String why(Backend backend) {
        return backend.lastProbe().map(ProbeResult::detail).orElse("");
    }
}
