package io.velo.lanes;

import static org.assertj.core.api.Assertions.assertThat;

import io.velo.route.Lane;
import io.velo.testing.RawBackend;
import io.velo.testing.RawClient;
import io.velo.testing.RawClient.Answer;
import io.velo.testing.RunningVelo;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests of all kinds, byte by byte: what the client is told, what reaches the backend, and that nothing lingers. */
@ParameterizedClass(name = "{0}")
@EnumSource(Lane.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RequestsIT {

    private static final String GOOD = "POST /good HTTP/1.1\r\nHost: good.test\r\nContent-Length: 4\r\n\r\ngood";

    private final Recorder recorder = new Recorder();
    private RawBackend backend;

    @Parameter
    private Lane lane;

    private RunningVelo velo;

    static Stream<RequestCase> cases() {
        return Stream.<Supplier<Stream<RequestCase>>>of(
                        RequestLineCases::all,
                        TargetCases::all,
                        FieldCases::all,
                        LengthCases::all,
                        ChunkCases::all,
                        ConnectionCases::all,
                        HopCases::all)
                .flatMap(Supplier::get);
    }

    @BeforeParameterizedClassInvocation
    void start(Lane of) {
        lane = of;
        backend = RawBackend.doing(recorder);
        velo = RunningVelo.unprobed(lane, List.of(backend));
    }

    @AfterParameterizedClassInvocation
    void stop() throws IOException {
        velo.close();
        backend.close();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void becomesWhatTheRulesSay(RequestCase each) throws IOException {
        int before = recorder.received().size();

        try (RawClient client = RawClient.to(velo.port()).send(each.sent())) {
            assertAnswers(each, client);
        }

        velo.awaitIdle();
        assertArrivals(
                each, recorder.received().subList(before, recorder.received().size()));
        assertGoodOnesAreServed();
    }

    private void assertAnswers(RequestCase each, RawClient client) throws IOException {
        List<Answer> answers = new ArrayList<>();
        for (int expected : each.statuses()) {
            Answer answer = client.read(each.toHead());
            answers.add(answer);
            assertThat(answer.status()).as(each.name() + answers).isEqualTo(expected);
            assertAnswer(each, answer);
        }
        Answer last = answers.get(answers.size() - 1);
        String ifKept = each.sent().contains(" HTTP/1.0\r\n") ? "keep-alive" : "";
        assertThat(last.field("Connection")).as(each.name()).isEqualTo(each.kept() ? ifKept : "close");
        if (each.kept()) {
            assertThat(client.send(GOOD).read().status()).as("kept open").isEqualTo(200);
        } else {
            assertThat(client.readByte()).as("closed").isEqualTo(-1);
        }
    }

    private void assertAnswer(RequestCase each, Answer answer) {
        if (answer.status() >= 400) {
            assertThat(answer.field("Proxy-Status")).isEqualTo("velo; error=http_request_error");
            assertThat(answer.field("Content-Type")).isEqualTo("application/problem+json");
        } else if (answer.status() == 200 && !each.arrivals().isEmpty()) {
            assertThat(answer.head()).startsWith("HTTP/1.1 200 OK\r\n");
            assertThat(answer.field("Content-Length")).isEqualTo("2");
            assertThat(answer.body()).isEqualTo(each.toHead() ? "" : "ok");
        }
    }

    private void assertArrivals(RequestCase each, List<Recorder.Received> received) {
        List<Recorder.Received> own = received.subList(0, received.size() - (each.kept() ? 1 : 0));
        assertThat(own).as("requests that arrived: " + each.name()).hasSameSizeAs(each.arrivals());
        for (int i = 0; i < own.size(); i++) {
            assertArrival(each, each.arrivals().get(i), own.get(i));
        }
    }

    private void assertArrival(RequestCase each, RequestCase.Arrival expected, Recorder.Received actual) {
        List<String> fields = new ArrayList<>(expected.fields());
        fields.add("Host: 127.0.0.1:" + backend.port());
        fields.add("X-Forwarded-For: 127.0.0.1");
        fields.add("X-Forwarded-Proto: http");
        if (!expected.host().isEmpty()) {
            fields.add("X-Forwarded-Host: " + expected.host());
        }
        String port = expected.host().replaceFirst("(\\[.*]|[^:]*):?", "");
        fields.add("X-Forwarded-Port: " + (port.isEmpty() ? "80" : port));
        fields.add("Via: " + expected.via());

        assertThat(actual.line()).as(each.name()).isEqualTo(expected.line());
        assertThat(actual.fields()).as(each.name()).isEqualTo(Recorder.Received.sorted(fields));
        assertThat(actual.content()).as(each.name()).isEqualTo(expected.content());
    }

    private void assertGoodOnesAreServed() throws IOException {
        for (int i = 0; i < 2; i++) {
            assertThat(RawClient.ask(velo.port(), GOOD).status()).isEqualTo(200);
        }
        assertThat(recorder.received().get(recorder.received().size() - 1).content())
                .isEqualTo("good");
        velo.awaitIdle();
    }
}
