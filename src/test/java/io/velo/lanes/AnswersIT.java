package io.velo.lanes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.velo.route.Lane;
import io.velo.testing.RawBackend;
import io.velo.testing.RawClient;
import io.velo.testing.RawClient.Answer;
import io.velo.testing.RunningVelo;
import java.io.IOException;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Answers of all kinds, byte by byte: what reaches the client, and that the next requests on the pool are served. */
@ParameterizedClass(name = "{0}")
@EnumSource(Lane.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AnswersIT {

    private static final String GOOD = "POST /good HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\ngood";

    @Parameter
    private Lane lane;

    private final List<Arrival> arrivals = new CopyOnWriteArrayList<>();
    private volatile RawBackend.Script script = RawBackend.Exchange::awaitClose;
    private RawBackend backend;
    private RunningVelo velo;

    static Stream<AnswerCase> cases() {
        return Stream.of(AnswerCases.all(), InterimCases.all(), FramingCases.all(), BrokenCases.all())
                .flatMap(cases -> cases);
    }

    @BeforeParameterizedClassInvocation
    void start(Lane of) {
        lane = of;
        backend = RawBackend.doing(exchange -> {
            arrivals.add(new Arrival(exchange.target(), exchange.socket()));
            if (exchange.target().equals("/good")) {
                exchange.answer(200, "good");
            } else {
                script.serve(exchange);
            }
        });
        velo = RunningVelo.unprobed(lane, List.of(backend), "lb.timeouts.response=1s", "lb.timeouts.body-idle=1s");
    }

    @AfterParameterizedClassInvocation
    void stop() throws IOException {
        velo.close();
        backend.close();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void reachesTheClientAsTheRulesSay(AnswerCase each) throws Exception {
        script = each.script();
        arrivals.clear();

        try (RawClient client = RawClient.to(velo.port()).send(each.request())) {
            for (AnswerCase.Told interim : each.interim()) {
                assertTold(each, interim, client.read());
            }
            Answer answer = client.read(each.toHead());
            assertTold(each, each.told(), answer);
            if (answer.whole() == each.told().whole()) {
                assertConnection(each, client);
            }
        }

        velo.awaitIdle();
        assertGoodOnesAreServed(each);
        assertArrivals(each);
    }

    private static void assertTold(AnswerCase each, AnswerCase.Told expected, Answer actual) {
        String line = actual.head().substring(0, actual.head().indexOf("\r\n"));
        if (!expected.whole() && actual.status() == 502) {
            // fine if it broke off so early that the client could still be told
            assertThat(actual.field("Proxy-Status")).isEqualTo("velo; error=http_response_incomplete");
            return;
        }
        assertThat(actual.whole()).as(each.name() + actual).isEqualTo(expected.whole());
        if (expected.error().isEmpty()) {
            // clients ignore the reason, and not every lane knows the backend's
            assertThat(line).as(each.name()).startsWith(expected.line().substring(0, "HTTP/1.1 200".length()));
        } else {
            assertThat(line).as(each.name()).startsWith(expected.line());
            assertThat(actual.field("Proxy-Status")).as(each.name()).isEqualTo("velo; error=" + expected.error());
        }
        if (expected.error().isEmpty() && expected.whole()) {
            List<String> fields = actual.head()
                    .lines()
                    .skip(1)
                    .filter(field -> !field.isEmpty())
                    .toList();
            assertThat(Recorder.Received.sorted(fields))
                    .as(each.name())
                    .isEqualTo(Recorder.Received.sorted(expected.fields()));
            assertThat(actual.body()).as(each.name()).isEqualTo(expected.content());
        }
    }

    private static void assertConnection(AnswerCase each, RawClient client) throws IOException {
        if (each.kept()) {
            assertThat(client.send(GOOD).read().body())
                    .as("kept open: %s", each.name())
                    .isEqualTo("good");
        } else {
            assertThat(client.readByte()).as("closed: %s", each.name()).isEqualTo(-1);
        }
    }

    private void assertGoodOnesAreServed(AnswerCase each) throws Exception {
        for (int i = 0; i < 2; i++) {
            assertThat(RawClient.ask(velo.port(), GOOD).body()).as(each.name()).isEqualTo("good");
        }
        velo.awaitIdle();
    }

    private void assertArrivals(AnswerCase each) {
        assertThat(arrivals)
                .as(each.name())
                .extracting(Arrival::target)
                .startsWith("/case")
                .containsOnlyOnce("/case");
        Socket used = arrivals.get(0).connection();
        if (each.reused()) {
            assertThat(lane == Lane.EXPRESS && used.isClosed()) // the gateway's client closes one now and then
                    .as("kept: %s", each.name())
                    .isFalse();
        } else {
            await().until(used::isClosed);
            assertThat(arrivals)
                    .filteredOn(Arrival::connection, used)
                    .as(each.name())
                    .hasSize(1);
        }
    }

    private record Arrival(String target, Socket connection) {}
}
