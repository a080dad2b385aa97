package io.velo.lanes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.velo.route.Lane;
import io.velo.route.RecordListener;
import io.velo.testing.AccessLogFile;
import io.velo.testing.RawBackend;
import io.velo.testing.RawClient;
import io.velo.testing.RunningVelo;
import io.velo.wire.Records;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;
import reactor.netty.DisposableServer;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;

/** The access log where a Velo of its own is needed: failures, sessions, another format, and none. */
@ParameterizedClass(name = "{0}")
@EnumSource(Lane.class)
class AccessLogFailureIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path folder;

    private final Lane lane;
    private AccessLogFile log;

    AccessLogFailureIT(Lane lane) {
        this.lane = lane;
    }

    @BeforeEach
    void create() {
        log = new AccessLogFile(folder.resolve("access.log"));
    }

    private RunningVelo velo(List<RawBackend> backends, String... properties) {
        return RunningVelo.unprobed(
                lane,
                backends,
                Stream.concat(Stream.of(log.properties()), Stream.of(properties))
                        .toArray(String[]::new));
    }

    private static RawBackend closed() throws IOException {
        RawBackend backend = RawBackend.saying("never");
        backend.close();
        return backend;
    }

    @Test
    void tellsOfASecondAttempt() throws IOException {
        try (RawBackend good = RawBackend.saying("ok");
                RunningVelo velo = velo(List.of(closed(), good))) {
            Map<String, Object> first = askedFor(velo);
            Map<String, Object> second = askedFor(velo);

            assertThat(List.of(first.get("attempts"), second.get("attempts")))
                    .as("attempts")
                    .contains(2);
            assertThat(List.of(first, second)).allSatisfy(line -> assertThat(line)
                    .contains(
                            entry("status", 200), entry("reason", null), entry("backend", "127.0.0.1:" + good.port())));
        }
    }

    private Map<String, Object> askedFor(RunningVelo velo) throws IOException {
        assertThat(RawClient.get(velo.port(), "/").body()).isEqualTo("ok");
        return log.next();
    }

    @Test
    void tellsOfBackendsThatCannotBeReached() throws IOException {
        RawBackend gone = closed();
        try (RunningVelo velo = velo(List.of(gone))) {
            int body = RawClient.get(velo.port(), "/").body().length();

            assertThat(log.next())
                    .contains(
                            entry("status", 502),
                            entry("reason", "connection_refused"),
                            entry("bytes_out", body),
                            entry("attempts", 1),
                            entry("backend", "127.0.0.1:" + gone.port()),
                            entry("connect_us", null),
                            entry("lane", lane.word()));
        }
    }

    @Test
    void tellsOfLateBackendsAndOfNone() throws IOException {
        String routes = "spring.cloud.gateway.server.webflux.routes";
        try (RawBackend silent = RawBackend.doing(RawBackend.Exchange::awaitClose);
                RunningVelo velo = velo(
                        List.of(silent),
                        "lb.timeouts.response=100ms",
                        "lb.pools.empty.strategy=roundrobin",
                        routes + "[0].id=silent",
                        routes + "[0].uri=lb://default",
                        routes + "[0].predicates[0]=Path=/silent",
                        routes + "[1].id=empty",
                        routes + "[1].uri=lb://empty",
                        routes + "[1].predicates[0]=Path=/empty")) {
            RawClient.get(velo.port(), "/silent");
            assertThat(log.next())
                    .contains(entry("status", 504), entry("reason", "http_response_timeout"), entry("route", "silent"));

            RawClient.get(velo.port(), "/empty");
            assertThat(log.next())
                    .contains(
                            entry("status", 503),
                            entry("reason", "destination_unavailable"),
                            entry("route", "empty"),
                            entry("pool", "empty"),
                            entry("backend", null),
                            entry("attempts", 0),
                            entry("lane", lane.word()));

            RawClient.get(velo.port(), "/unknown");
            assertThat(log.next())
                    .contains(
                            entry("status", 404),
                            entry("reason", "destination_not_found"),
                            entry("route", null),
                            entry("pool", null));
        }
    }

    @Test
    void tellsOfASessionWhenItIsOver() {
        DisposableServer echo = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .route(routes -> routes.ws(
                        "/ws", (in, out) -> out.sendString(in.receive().asString())))
                .bindNow(PATIENCE);
        try (RunningVelo velo = RunningVelo.with(
                lane,
                Stream.concat(
                                Stream.of(log.properties()),
                                Stream.of("lb.health.enabled=false", "lb.backends=http://127.0.0.1:" + echo.port()))
                        .toArray(String[]::new))) {
            HttpClient.create()
                    .websocket()
                    .uri("ws://127.0.0.1:" + velo.port() + "/ws")
                    .handle((in, out) -> out.sendString(Flux.just("x".repeat(1_000)))
                            .then()
                            .thenMany(in.receive().asString().take(1).doOnNext(echoed -> assertThat(log.size())
                                    .as("lines during the session")
                                    .isZero())))
                    .blockLast(PATIENCE);

            Map<String, Object> line = log.next();
            assertThat(line)
                    .contains(
                            entry("target", "/ws"),
                            entry("status", 101),
                            entry("reason", null),
                            entry("backend", "127.0.0.1:" + echo.port()),
                            entry("attempts", 1),
                            entry("lane", lane.word()));
            assertThat((int) line.get("bytes_in")).as("a frame, and its mask").isGreaterThanOrEqualTo(1_008);
            assertThat((int) line.get("bytes_out")).as("a frame").isGreaterThanOrEqualTo(1_004);
        } finally {
            echo.disposeNow(PATIENCE);
        }
    }

    @Test
    void cannotBeForgedInTheCombinedFormat() throws IOException {
        try (RawBackend backend = RawBackend.saying("ok");
                RunningVelo velo = velo(List.of(backend), "lb.access-log.format=combined")) {
            RawClient.ask(
                    velo.port(),
                    "GET /?a=\"b\" HTTP/1.1\r\nHost: a\r\nReferer: \" 200 1 \"\r\nUser-Agent: a\\\u00e9\tb\r\n\r\n");
        }

        assertThat(Files.readAllLines(folder.resolve("access.log")))
                .singleElement()
                .asString()
                .matches("127\\.0\\.0\\.1 - - \\[\\d\\d/[A-Z][a-z]{2}/\\d{4}:\\d\\d:\\d\\d:\\d\\d \\+0000] .*")
                .endsWith("\"GET /?a=\\x22b\\x22 HTTP/1.1\" 200 2 \"\\x22 200 1 \\x22\" \"a\\x5c\\xe9\\x09b\"");
    }

    @Test
    void recordsNothingUnlessItIsAskedFor() throws IOException {
        try (RawBackend backend = RawBackend.saying("ok");
                RunningVelo velo = RunningVelo.unprobed(lane, List.of(backend))) {
            assertThat(RawClient.get(velo.port(), "/").body()).isEqualTo("ok");

            assertThat(velo.context().getBeansOfType(RecordListener.class)).isEmpty();
            assertThat(velo.context().getBean(Records.class).wanted()).isFalse();
        }
    }
}
