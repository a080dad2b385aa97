package io.velo.lanes;

import static org.assertj.core.api.Assertions.assertThat;

import io.velo.route.Lane;
import io.velo.testing.RawBackend;
import io.velo.testing.RawClient;
import io.velo.testing.RunningVelo;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Answers that tell how they came about. */
@ParameterizedClass(name = "{0}")
@EnumSource(Lane.class)
class ExplainIT {

    private static final String TIMES =
            "pick;dur=\\d+\\.\\d{3}, queue;dur=\\d+\\.\\d{3}, backend;dur=\\d+\\.\\d{3}, total;dur=\\d+\\.\\d{3}";

    private final Lane lane;

    ExplainIT(Lane lane) {
        this.lane = lane;
    }

    @Test
    void tellsEveryoneIfItIsOn() throws IOException {
        try (RawBackend backend = RawBackend.saying("ok");
                RunningVelo velo = RunningVelo.unprobed(lane, List.of(backend), "lb.explain.enabled=true")) {
            RawClient.Answer answer = RawClient.get(velo.port(), "/");

            assertThat(answer.body()).isEqualTo("ok");
            assertThat(answer.field("Velo-Explain"))
                    .isEqualTo("lane=" + lane.word() + ", route=\"default\", pool=\"default\","
                            + " strategy=\"roundrobin\", eligible=1, backend=\"127.0.0.1:" + backend.port()
                            + "\", state=up, attempts=1");
            assertThat(answer.field("Server-Timing")).matches(TIMES);
        }
    }

    @Test
    void tellsWhoHasTheToken() throws IOException {
        try (RawBackend backend = RawBackend.saying("ok");
                RunningVelo velo = RunningVelo.unprobed(lane, List.of(backend), "lb.explain.token=secret")) {
            assertThat(ask(velo, "Velo-Explain: secret\r\n").field("Velo-Explain"))
                    .contains("attempts=1");
            assertThat(ask(velo, "Velo-Explain: other\r\n").head())
                    .doesNotContainIgnoringCase("velo-explain", "timing");
            assertThat(ask(velo, "").head()).doesNotContainIgnoringCase("velo-explain", "timing");
            assertThat(backend.heads()).allSatisfy(head -> assertThat(head).doesNotContainIgnoringCase("velo-explain"));
        }
    }

    @Test
    void tellsNobodyOtherwise() throws IOException {
        try (RawBackend backend = RawBackend.saying("ok");
                RunningVelo velo = RunningVelo.unprobed(lane, List.of(backend))) {
            assertThat(ask(velo, "Velo-Explain: \r\n").head()).doesNotContainIgnoringCase("velo-explain", "timing");
        }
    }

    @Test
    void tellsOfTheAttemptThatFailed() throws IOException {
        int refusing;
        try (ServerSocket socket = new ServerSocket(0)) {
            refusing = socket.getLocalPort();
        }
        try (RawBackend good = RawBackend.saying("ok");
                RunningVelo velo = RunningVelo.with(
                        lane,
                        "lb.health.enabled=false",
                        "lb.explain.enabled=true",
                        "lb.backends=http://127.0.0.1:" + refusing + "," + good.url())) {
            List<String> told = List.of(
                    RawClient.get(velo.port(), "/").field("Velo-Explain"),
                    RawClient.get(velo.port(), "/").field("Velo-Explain"));

            assertThat(told).anySatisfy(one -> assertThat(one)
                    .endsWith("attempts=2, failed=(\"127.0.0.1:" + refusing + ": connection_refused\")"));
            velo.awaitIdle();
        }
    }

    @Test
    void tellsWhyThereWasNone() throws IOException {
        try (RawBackend backend = RawBackend.saying("ok");
                RunningVelo velo = RunningVelo.unprobed(lane, List.of(backend), "lb.explain.enabled=true")) {
            velo.pool("default").drain(velo.backend(backend));

            RawClient.Answer answer = RawClient.get(velo.port(), "/");

            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.field("Velo-Explain"))
                    .isEqualTo("lane=" + lane.word()
                            + ", route=\"default\", attempts=0, failed=(\"destination_unavailable\")");
            assertThat(answer.field("Server-Timing")).matches("total;dur=\\d+\\.\\d{3}");
        }
    }

    @Test
    void leavesTheBackendsOwnTimingInPlace() throws IOException {
        try (RawBackend backend = RawBackend.doing(exchange ->
                        exchange.send("HTTP/1.1 200 OK\r\nServer-Timing: db;dur=5\r\nContent-Length: 0\r\n\r\n"));
                RunningVelo velo = RunningVelo.unprobed(lane, List.of(backend), "lb.explain.enabled=true")) {
            assertThat(RawClient.get(velo.port(), "/").head().toLowerCase(Locale.ROOT))
                    .containsSubsequence("server-timing: db;dur=5", "server-timing: pick;dur=");
        }
    }

    private static RawClient.Answer ask(RunningVelo velo, String field) throws IOException {
        return RawClient.ask(velo.port(), "GET / HTTP/1.1\r\nHost: velo.test\r\n" + field + "\r\n");
    }
}
