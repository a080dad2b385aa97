package io.velo.lanes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.velo.backend.BackendState;
import io.velo.pool.Retry;
import io.velo.route.Lane;
import io.velo.testing.RawBackend;
import io.velo.testing.RawClient;
import io.velo.testing.RunningVelo;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Requests that ask a second backend beside a slow one: each case is a pool of its own. */
@ParameterizedClass(name = "{0}")
@EnumSource(Lane.class)
class HedgeIT {

    private static final Map<String, List<RawBackend>> BACKENDS = new LinkedHashMap<>();
    private static final Semaphore LATE = new Semaphore(0);
    private static RunningVelo velo;

    HedgeIT(Lane lane) {}

    @BeforeParameterizedClassInvocation
    static void start(Lane lane) {
        RawBackend.Script silent = RawBackend.Exchange::awaitClose;
        List<String> properties = new ArrayList<>(List.of(
                RunningVelo.only(lane),
                "lb.health.enabled=false",
                "lb.circuit.failure-threshold=1",
                "lb.retry.hedge-delay=100ms",
                "lb.pools.broke.retry.budget=0",
                "lb.pools.broke.retry.min-retries=0"));
        pool("tail", properties, silent, exchange -> exchange.answer(200, "quick"));
        pool("late", properties, exchange -> answerLate(exchange, "late"), silent);
        pool("lost", properties, HedgeIT::resetLate, exchange -> answerLate(exchange, "alone"));
        pool("quick", properties, exchange -> exchange.answer(200, "quick"));
        pool("both", properties, silent, silent);
        pool("broke", properties, exchange -> answerLate(exchange, "late"), silent);
        velo = RunningVelo.with(properties.toArray(String[]::new));
    }

    /** Both backends do what the first one asked is to do first, and what the second one is to do then. */
    private static void pool(String name, List<String> properties, RawBackend.Script... scripts) {
        int place = BACKENDS.size();
        List<Integer> asked = new ArrayList<>();
        RawBackend.Script inTurn = exchange -> {
            int number;
            synchronized (asked) {
                number = asked.size() % scripts.length;
                asked.add(number);
            }
            scripts[number].serve(exchange);
        };
        List<RawBackend> backends = List.of(RawBackend.doing(inTurn), RawBackend.doing(inTurn));
        BACKENDS.put(name, backends);
        String route = "spring.cloud.gateway.server.webflux.routes[" + place + "].";
        properties.add(route + "id=" + name);
        properties.add(route + "uri=lb://" + name);
        properties.add(route + "predicates[0]=Path=/" + name + "/**");
        properties.add("lb.pools." + name + ".backends=" + backends.get(0).url() + ","
                + backends.get(1).url());
    }

    /** Not before the second backend has been asked, too. */
    private static void awaitLate() throws IOException {
        try {
            if (!LATE.tryAcquire(30, TimeUnit.SECONDS)) {
                throw new IOException("nobody said go");
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static void answerLate(RawBackend.Exchange exchange, String text) throws IOException {
        awaitLate();
        exchange.answer(200, text);
    }

    private static void resetLate(RawBackend.Exchange exchange) throws IOException {
        awaitLate();
        exchange.reset();
    }

    @AfterParameterizedClassInvocation
    static void stop() throws IOException {
        velo.close();
        for (List<RawBackend> backends : BACKENDS.values()) {
            for (RawBackend backend : backends) {
                backend.close();
            }
        }
        BACKENDS.clear();
    }

    @AfterEach
    void leavesNothingBehind() {
        velo.awaitIdle();
    }

    private static RawClient asking(String pool, String method) throws IOException {
        return RawClient.to(velo.port())
                .send("%s /%s/ HTTP/1.1\r\nHost: velo.test\r\nContent-Length: 0\r\n\r\n".formatted(method, pool));
    }

    private static int requestsAt(String pool) {
        return BACKENDS.get(pool).stream().mapToInt(RawBackend::requests).sum();
    }

    private static long hedged(String pool) {
        return (long)
                velo
                        .registry()
                        .find("lb.retries")
                        .tags("pool", pool, "result", Retry.Result.HEDGED.word())
                        .counters()
                        .stream()
                        .mapToDouble(counter -> counter.count())
                        .sum();
    }

    private static long attempts(String pool, String outcome) {
        return velo.registry().find("lb.backend.requests").tags("pool", pool, "outcome", outcome).timers().stream()
                .mapToLong(timer -> timer.count())
                .sum();
    }

    private static void assertStillUp(String pool) {
        assertThat(velo.pool(pool).backends())
                .allSatisfy(each -> assertThat(each.state()).isEqualTo(BackendState.UP));
    }

    private static int connections(String pool) {
        return BACKENDS.get(pool).stream().mapToInt(RawBackend::connections).sum();
    }

    @Test
    void takesTheSecondOnesAnswerIfThatComesFirst() throws IOException {
        try (RawClient client = asking("tail", "GET")) {
            assertThat(client.read().body()).isEqualTo("quick");

            await().untilAsserted(() -> assertThat(connections("tail"))
                    .as("the slow one is cut at once")
                    .isEqualTo(1));
        }
        assertThat(requestsAt("tail")).isEqualTo(2);
        assertThat(hedged("tail")).isEqualTo(1);
        await().untilAsserted(() -> assertThat(attempts("tail", "success")).isEqualTo(1));
        assertThat(attempts("tail", "aborted")).isEqualTo(1);
        assertStillUp("tail");
    }

    @Test
    void takesTheFirstOnesAnswerIfThatComesFirst() throws IOException {
        try (RawClient client = asking("late", "GET")) {
            await().until(() -> requestsAt("late") == 2);
            LATE.release();

            assertThat(client.read().body()).isEqualTo("late");
            await().untilAsserted(() -> assertThat(connections("late")).isEqualTo(1));
        }
        await().untilAsserted(() -> assertThat(attempts("late", "success")).isEqualTo(1));
        assertThat(attempts("late", "aborted")).isEqualTo(1);
        assertStillUp("late");
    }

    @Test
    void goesOnWithTheSecondIfTheFirstFails() throws IOException {
        try (RawClient client = asking("lost", "GET")) {
            await().until(() -> requestsAt("lost") == 2);
            LATE.release();
            await().untilAsserted(() -> assertThat(attempts("lost", "failed")).isEqualTo(1));
            LATE.release();

            assertThat(client.read().body()).isEqualTo("alone");
        }
        assertThat(requestsAt("lost")).isEqualTo(2);
        await().untilAsserted(() -> assertThat(attempts("lost", "success")).isEqualTo(1));
        velo.awaitRequests("failed", "connection_terminated", 0);
    }

    @Test
    void asksNobodyElseIfTheFirstIsQuickOrTheMethodIsAnotherOne() throws IOException {
        try (RawClient client = asking("quick", "GET")) {
            assertThat(client.read().body()).isEqualTo("quick");
        }
        try (RawClient client = asking("both", "DELETE")) {
            await().until(() -> requestsAt("both") > 0);
            int before = requestsAt("both");
            await().pollDelay(Duration.ofMillis(300)).until(() -> true);
            assertThat(requestsAt("both")).isEqualTo(before);
        }
        assertThat(hedged("quick")).isZero();
    }

    @Test
    void asksNobodyElseOutsideOfTheBudget() throws IOException {
        try (RawClient client = asking("broke", "GET")) {
            await().until(() -> requestsAt("broke") == 1);
            await().pollDelay(Duration.ofMillis(300)).until(() -> true);
            LATE.release();

            assertThat(client.read().body()).isEqualTo("late");
        }
        assertThat(requestsAt("broke")).isEqualTo(1);
    }

    @Test
    void letsGoOfBothWhenTheClientLeaves() throws IOException {
        int before = requestsAt("both");
        try (RawClient client = asking("both", "GET")) {
            await().until(() -> requestsAt("both") == before + 2);
        }
        velo.awaitIdle();
        await().untilAsserted(() -> assertThat(connections("both")).isZero());
        assertStillUp("both");
    }
}
