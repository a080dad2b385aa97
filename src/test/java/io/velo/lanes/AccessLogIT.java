package io.velo.lanes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.awaitility.Awaitility.await;

import io.velo.route.Lane;
import io.velo.testing.AccessLogFile;
import io.velo.testing.RawBackend;
import io.velo.testing.RawClient;
import io.velo.testing.RunningVelo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The access log: one line for each request, with the same values whichever lane it took. */
@ParameterizedClass(name = "{0}")
@EnumSource(Lane.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AccessLogIT {

    private static final String GET = "GET / HTTP/1.1\r\nHost: velo.test\r\n\r\n";
    private static final String TRACE_ID = "0af7651916cd43dd8448eb211c80319c";
    private static final String TRACE_PARENT = "00-" + TRACE_ID + "-b7ad6b7169203331-01";

    private final RawBackend.Script script = exchange -> {
        switch (exchange.target().split("\\?", 2)[0]) {
            case "/silent" -> exchange.awaitClose();
            case "/half" -> {
                exchange.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
                exchange.awaitClose();
            }
            case "/cut" -> {
                exchange.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\ncut");
                exchange.reset();
            }
            case "/chunks" -> {
                exchange.chunkedBody();
                exchange.send("HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + "5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n");
            }
            case "/head" -> exchange.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
            case "/empty" -> exchange.send("HTTP/1.1 204 No Content\r\n\r\n");
            case "/large" -> exchange.answer(200, "x".repeat(300_000));
            default -> exchange.answer(200, "whole");
        }
    };

    @Parameter
    private Lane lane;

    private RawBackend backend;
    private RunningVelo velo;
    private AccessLogFile log;

    @BeforeParameterizedClassInvocation
    void start(Lane of, @TempDir Path folder) {
        lane = of;
        backend = RawBackend.doing(script);
        log = new AccessLogFile(folder.resolve("access.log"));
        velo = RunningVelo.unprobed(
                lane,
                List.of(backend),
                Stream.concat(
                                Stream.of(log.properties()),
                                Stream.of(
                                        "lb.client.header-timeout=300ms",
                                        "lb.circuit.failure-threshold=1000",
                                        "lb.forwarded.trusted=127.0.0.0/8"))
                        .toArray(String[]::new));
    }

    @AfterParameterizedClassInvocation
    void stop() throws IOException {
        velo.close();
        backend.close();
    }

    private String id() {
        return "127.0.0.1:" + backend.port();
    }

    /** What no lane was asked for. */
    private static void assertHasNoWay(Map<String, Object> line) {
        assertThat(line)
                .contains(
                        entry("route", null),
                        entry("pool", null),
                        entry("backend", null),
                        entry("attempts", 0),
                        entry("connect_us", null));
    }

    @Test
    void tellsAllOfARequest() throws IOException {
        RawClient.ask(
                velo.port(),
                "POST /a%20b?c=\"d\" HTTP/1.1\r\nHost: velo.test\r\nX-Forwarded-For: 192.0.2.7\r\nTraceparent: "
                        + TRACE_PARENT + "\r\nContent-Length: 3\r\n\r\nabc");

        Map<String, Object> line = log.next();
        assertThat(line)
                .containsOnlyKeys(
                        "time",
                        "client",
                        "method",
                        "target",
                        "protocol",
                        "status",
                        "bytes_in",
                        "bytes_out",
                        "duration_us",
                        "first_byte_us",
                        "connect_us",
                        "route",
                        "pool",
                        "backend",
                        "attempts",
                        "lane",
                        "reason",
                        "trace_id")
                .contains(
                        entry("client", "192.0.2.7"),
                        entry("method", "POST"),
                        entry("target", "/a%20b?c=\"d\""),
                        entry("protocol", "HTTP/1.1"),
                        entry("status", 200),
                        entry("bytes_in", 3),
                        entry("bytes_out", 5),
                        entry("route", "default"),
                        entry("pool", "default"),
                        entry("backend", id()),
                        entry("attempts", 1),
                        entry("lane", lane.word()),
                        entry("reason", null),
                        entry("trace_id", TRACE_ID));
        assertThat((int) line.get("duration_us")).isGreaterThanOrEqualTo((int) line.get("first_byte_us"));
        assertThat((int) line.get("first_byte_us")).isGreaterThanOrEqualTo((int) line.get("connect_us"));
        assertThat((int) line.get("connect_us")).isNotNegative();
    }

    @Test
    void passesTheTraceOn() throws IOException {
        int before = backend.requests();
        RawClient.ask(
                velo.port(),
                "GET / HTTP/1.1\r\nHost: a\r\nTraceparent: " + TRACE_PARENT + "\r\nTracestate: a=1,b=2\r\n\r\n");

        assertThat(backend.heads().get(before).lines())
                .map(field -> field.toLowerCase(java.util.Locale.ROOT))
                .contains("traceparent: " + TRACE_PARENT, "tracestate: a=1,b=2");
        log.next();
    }

    @Test
    void saysThatAKeptConnectionCostNothing() throws IOException {
        try (RawClient client = RawClient.to(velo.port())) {
            client.send(GET).read();
            client.send(GET).read();
        }

        assertThat(log.next(2).get(1)).containsEntry("connect_us", 0);
    }

    @Test
    void countsContentWithoutItsFraming() throws IOException {
        RawClient.ask(
                velo.port(),
                "POST /chunks HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n");

        assertThat(log.next()).contains(entry("status", 201), entry("bytes_in", 7), entry("bytes_out", 11));
    }

    @Test
    void countsWhatIsSent() throws IOException {
        RawClient.get(velo.port(), "/large");
        assertThat(log.next()).containsEntry("bytes_out", 300_000);

        RawClient.get(velo.port(), "/empty");
        assertThat(log.next()).contains(entry("status", 204), entry("bytes_out", 0));

        try (RawClient client = RawClient.to(velo.port())) {
            client.send("HEAD /head HTTP/1.1\r\nHost: a\r\n\r\n").read(true);
        }
        assertThat(log.next()).contains(entry("method", "HEAD"), entry("status", 200), entry("bytes_out", 0));
    }

    @Test
    void hasALineForEachOfManyInOne() throws IOException {
        try (RawClient client = RawClient.to(velo.port())) {
            client.send(GET.replace("/ ", "/1 ") + GET.replace("/ ", "/2 ") + GET.replace("/ ", "/3 "));
            for (int i = 0; i < 3; i++) {
                client.read();
            }
        }

        assertThat(log.next(3))
                .extracting(line -> line.get("target") + " " + line.get("status") + " " + line.get("bytes_out"))
                .containsExactly("/1 200 5", "/2 200 5", "/3 200 5");
    }

    @Test
    void tellsOfClientsThatLeaveBeforeTheHead() throws IOException {
        int before = backend.requests();
        try (RawClient client = RawClient.to(velo.port()).send(GET.replace("/ ", "/silent "))) {
            await().until(() -> backend.requests() == before + 1);
        }

        assertThat(log.next())
                .contains(
                        entry("status", 499),
                        entry("reason", "client_aborted"),
                        entry("first_byte_us", null),
                        entry("bytes_out", 0),
                        entry("pool", "default"),
                        entry("backend", id()),
                        entry("lane", lane.word()));
    }

    @Test
    void tellsOfClientsThatLeaveInsideTheBody() throws IOException {
        try (RawClient client = RawClient.to(velo.port()).send(GET.replace("/ ", "/half "))) {
            client.in().readNBytes(10);
        }

        assertThat(log.next())
                .contains(entry("status", 499), entry("reason", "client_aborted"), entry("bytes_out", 4))
                .doesNotContainEntry("first_byte_us", null);
    }

    @Test
    void tellsOfBackendsThatBreakOff() throws IOException {
        RawClient.get(velo.port(), "/cut");

        assertThat(log.next())
                .contains(
                        entry("status", 200),
                        entry("reason", "http_response_incomplete"),
                        entry("bytes_out", 3),
                        entry("lane", lane.word()));
    }

    @Test
    void tellsOfRequestsThatBreak() throws IOException {
        try (RawClient client = RawClient.to(velo.port())) {
            int before = backend.requests();
            client.send("POST /chunks HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
            await().until(() -> backend.requests() == before + 1);
            client.send("5 5\r\nhello\r\n").read();
        }

        assertThat(log.next())
                .contains(
                        entry("status", 400),
                        entry("reason", "http_request_error"),
                        entry("bytes_in", 5),
                        entry("pool", "default"),
                        entry("lane", lane.word()));
    }

    @Test
    void tellsOfRefusedRequests() throws IOException {
        int body = RawClient.ask(velo.port(), "GET /a HTTP/1.1\r\n\r\n").body().length();
        Map<String, Object> line = log.next();
        assertThat(line)
                .contains(
                        entry("method", "GET"),
                        entry("target", "/a"),
                        entry("status", 400),
                        entry("bytes_out", body),
                        entry("client", "127.0.0.1"),
                        entry("reason", "http_request_error"));
        assertHasNoWay(line);

        RawClient.ask(velo.port(), "nonsense\r\n\r\n");
        assertThat(log.next()).contains(entry("method", null), entry("target", null), entry("status", 400));

        RawClient.get(velo.port(), "/" + "x".repeat(9_000));
        assertThat(log.next()).contains(entry("status", 414), entry("reason", "http_request_error"));

        RawClient.ask(velo.port(), "GET /b HTTP/1.1\r\nHost: a\r\nX: " + "x".repeat(20_000) + "\r\n\r\n");
        assertThat(log.next()).contains(entry("status", 431), entry("reason", "http_request_error"));
    }

    @Test
    void tellsOfHeadsThatComeTooLate() throws IOException {
        try (RawClient client = RawClient.to(velo.port()).send("GET /late HTTP/1.1\r\nHo")) {
            assertThat(client.read().status()).isEqualTo(408);
        }

        assertThat(log.next())
                .contains(entry("method", null), entry("status", 408), entry("reason", "http_request_error"));
    }

    @Test
    void hasOneLineForEachOfHundredsThatHungUpAtAnyMoment() throws IOException {
        Random random = new Random(42);
        int before = backend.requests();
        for (int i = 0; i < 200; i++) {
            String target = List.of("/", "/half", "/silent", "/large").get(random.nextInt(4)) + "?" + i;
            try (RawClient client = RawClient.to(velo.port()).send(GET.replace("/ ", target + " "))) {
                client.in().readNBytes(target.startsWith("/silent") ? 0 : random.nextInt(20));
                client.reset();
            }
        }
        velo.awaitIdle();
        RawClient.get(velo.port(), "/the-end");

        List<String> told = log.until("/the-end").stream()
                .map(line -> String.valueOf(line.get("target")))
                .toList();
        assertThat(told)
                .doesNotHaveDuplicates()
                .containsAll(backend.heads().stream()
                        .skip(before)
                        .map(head -> head.split(" ", 3)[1])
                        .toList());
    }

    @Test
    void saysNothingOfConnectionsWithoutARequest() throws IOException {
        RawClient.to(velo.port()).close();
        RawClient.get(velo.port(), "/");

        assertThat(log.next()).containsEntry("target", "/");
    }

    @Test
    void saysNothingOfWhatFollowsTheLastRequest() throws IOException {
        try (RawClient client = RawClient.to(velo.port())) {
            client.send("GET /last HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n" + GET);
            client.read();
            assertThat(client.readByte()).isEqualTo(-1);
        }
        RawClient.get(velo.port(), "/next");

        assertThat(log.next(2)).extracting(line -> line.get("target")).containsExactly("/last", "/next");
    }

    @Test
    void tellsOfWhatVeloAnswersItself() throws IOException {
        RawClient.get(velo.port(), "/livez");
        Map<String, Object> line = log.next();
        assertThat(line).contains(entry("target", "/livez"), entry("status", 200), entry("reason", null));
        assertHasNoWay(line);

        RawClient.ask(velo.port(), "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n");
        assertThat(log.next()).contains(entry("target", "*"), entry("status", 200), entry("reason", null));
    }
}
