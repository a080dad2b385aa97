package io.velo.lanes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.velo.pool.Retry;
import io.velo.route.Lane;
import io.velo.testing.RawBackend;
import io.velo.testing.RawClient;
import io.velo.testing.RawClient.Answer;
import io.velo.testing.RunningVelo;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Requests that are sent again, to another backend, after one that may have worked on them: each case is a pool of its own. */
@ParameterizedClass(name = "{0}")
@EnumSource(Lane.class)
class RepeatIT {

    private static final int ASKED = 500;

    private static final Map<String, List<RawBackend>> BACKENDS = new HashMap<>();
    private static RunningVelo velo;

    RepeatIT(Lane lane) {}

    @BeforeParameterizedClassInvocation
    static void start(Lane lane) {
        List<String> properties = new ArrayList<>(List.of(
                RunningVelo.only(lane),
                "lb.health.enabled=false",
                "lb.circuit.failure-threshold=100000",
                "lb.retry.min-retries=3",
                "lb.retry.replay-limit=10KB",
                "lb.pools.failing.retry.min-retries=0",
                "lb.pools.status.retry.statuses=503,500",
                "lb.pools.later.retry.statuses=503",
                "lb.pools.soon.retry.statuses=503",
                "lb.pools.busy.retry.statuses=503",
                "lb.pools.early.retry.statuses=503",
                "lb.pools.slow.timeouts.attempt=300ms",
                "lb.pools.three.retry.attempts=2",
                "lb.pools.off.retry.attempts=0"));
        pool("flaky", properties, flaky(3), RawBackend.saying("ok"), RawBackend.saying("ok"));
        pool("failing", properties, RawBackend.resetting(), RawBackend.resetting());
        pool("body", properties, readsAndResets(), echo());
        pool("status", properties, answers(503, "", "busy"), RawBackend.saying("ok"));
        pool("busy", properties, answers(503, "", "busy"), answers(503, "", "busy"));
        pool("later", properties, answers(503, "Retry-After: 60\r\n", "later"), RawBackend.saying("ok"));
        pool("soon", properties, answers(503, "Retry-After: 1\r\n", "soon"), RawBackend.saying("ok"));
        pool(
                "early",
                properties,
                RawBackend.doing(exchange -> {
                    exchange.send("HTTP/1.1 503 X\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n");
                    exchange.awaitClose();
                }),
                echo());
        pool("slow", properties, RawBackend.doing(RawBackend.Exchange::awaitClose), echo());
        pool("three", properties, readsAndResets(), readsAndResets(), echo());
        pool("off", properties, readsAndResets(), echo());
        velo = RunningVelo.with(properties.toArray(String[]::new));
    }

    private static void pool(String name, List<String> properties, RawBackend... backends) {
        BACKENDS.put(name, List.of(backends));
        int place = BACKENDS.size() - 1;
        String route = "spring.cloud.gateway.server.webflux.routes[" + place + "].";
        properties.add(route + "id=" + name);
        properties.add(route + "uri=lb://" + name);
        properties.add(route + "predicates[0]=Path=/" + name + "/**");
        properties.add("lb.pools." + name + ".backends="
                + String.join(
                        ",", List.of(backends).stream().map(RawBackend::url).toList()));
    }

    /** Resets so many of ten requests. */
    private static RawBackend flaky(int ofTen) {
        AtomicInteger count = new AtomicInteger();
        return RawBackend.doing(exchange -> {
            if (count.getAndIncrement() % 10 < ofTen) {
                exchange.reset();
            } else {
                exchange.answer(200, "ok");
            }
        });
    }

    private static RawBackend readsAndResets() {
        return RawBackend.doing(exchange -> {
            exchange.body();
            exchange.reset();
        });
    }

    private static RawBackend echo() {
        return RawBackend.doing(exchange -> {
            String body = new String(exchange.body());
            exchange.send("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
        });
    }

    private static RawBackend answers(int status, String fields, String text) {
        return RawBackend.doing(exchange -> {
            exchange.body();
            exchange.send(
                    "HTTP/1.1 %d X\r\n%sContent-Length: %d\r\n\r\n%s".formatted(status, fields, text.length(), text));
        });
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

    private static long retries(String pool, Retry.Result result) {
        return (long) velo.registry().find("lb.retries").tags("pool", pool, "result", result.word()).counters().stream()
                .mapToDouble(counter -> counter.count())
                .sum();
    }

    private static String request(String method, String pool, String fields, String body) {
        return "%s /%s/ HTTP/1.1\r\nHost: velo.test\r\n%sContent-Length: %d\r\n\r\n%s"
                .formatted(method, pool, fields, body.length(), body);
    }

    private static long requestsAt(String pool) {
        return BACKENDS.get(pool).stream().mapToLong(RawBackend::requests).sum();
    }

    /** How many of so many answers have this status. */
    private static int count(int times, String request, int status) throws IOException {
        int count = 0;
        for (int i = 0; i < times; i++) {
            count += RawClient.ask(velo.port(), request).status() == status ? 1 : 0;
        }
        return count;
    }

    @Test
    void hidesABackendThatFailsThreeOfTen() throws IOException {
        try (RawClient client = RawClient.to(velo.port())) {
            for (int i = 0; i < ASKED; i++) {
                assertThat(client.send(request("GET", "flaky", "", "")).read().body())
                        .as("request %d", i)
                        .isEqualTo("ok");
            }
        }
        assertThat(retries("flaky", Retry.Result.SENT)).isPositive();
        assertThat(retries("flaky", Retry.Result.BUDGET_EXHAUSTED)).isZero();
    }

    @Test
    void addsNoMoreThanAFifthWhenAllFail() throws IOException {
        assertThat(count(ASKED, request("GET", "failing", "", ""), 502)).isEqualTo(ASKED);

        long sent = retries("failing", Retry.Result.SENT);
        assertThat(requestsAt("failing")).isEqualTo(ASKED + sent).isLessThanOrEqualTo(ASKED * 12 / 10);
        assertThat(sent).isPositive();
        assertThat(retries("failing", Retry.Result.BUDGET_EXHAUSTED)).isEqualTo(ASKED - sent);
    }

    @Test
    void sendsABodyAgain() throws IOException {
        String put = request("PUT", "body", "", "x".repeat(9_000));
        for (int i = 0; i < 4; i++) {
            Answer answer = RawClient.ask(velo.port(), put);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo("x".repeat(9_000));
        }
        assertThat(retries("body", Retry.Result.SENT)).isPositive();
    }

    @Test
    void sendsABodyAgainThatComesInPieces() throws IOException {
        for (int i = 0; i < 2; i++) {
            try (RawClient client = RawClient.to(velo.port())) {
                client.send("PUT /slow/ HTTP/1.1\r\nHost: velo.test\r\nContent-Length: 6\r\n\r\nfir");
                assertThat(client.send("st!").read().body()).isEqualTo("first!");
            }
        }
    }

    @Test
    void sendsAPostAgainIfItHasAKey() throws IOException {
        String keyed = request("POST", "body", "Idempotency-Key: \"a\"\r\n", "hello");

        assertThat(count(4, keyed, 200)).isEqualTo(4);
    }

    @Test
    void sendsAPostOnceWithoutAKey() throws IOException {
        long before = retries("body", Retry.Result.NOT_REPLAYABLE);

        assertThat(count(4, request("POST", "body", "", "hello"), 502)).isEqualTo(2);
        assertThat(retries("body", Retry.Result.NOT_REPLAYABLE)).isEqualTo(before + 2);
    }

    @Test
    void sendsALongBodyOnce() throws IOException {
        long before = retries("body", Retry.Result.NOT_REPLAYABLE);

        assertThat(count(4, request("PUT", "body", "", "x".repeat(20_000)), 502))
                .isEqualTo(2);
        assertThat(retries("body", Retry.Result.NOT_REPLAYABLE)).isEqualTo(before + 2);
    }

    @Test
    void asksAnotherAfterAnAnswerOfANamedStatus() throws IOException {
        try (RawClient client = RawClient.to(velo.port())) {
            for (int i = 0; i < 6; i++) {
                assertThat(client.send(request("PUT", "status", "", "hi"))
                                .read()
                                .body())
                        .isEqualTo("ok");
            }
        }
        assertThat(retries("status", Retry.Result.SENT)).isGreaterThanOrEqualTo(5);
        assertThat(BACKENDS.get("status").get(0).connections())
                .as("the answers were whole, so the connection was kept")
                .isEqualTo(1);
    }

    @Test
    void passesOnTheLastAnswerAsItIs() throws IOException {
        Answer answer = RawClient.ask(velo.port(), request("GET", "busy", "", ""));

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.body()).isEqualTo("busy");
        assertThat(answer.field("Proxy-Status")).isEmpty();
        assertThat(requestsAt("busy")).isEqualTo(2);
    }

    @Test
    void passesOnAnAnswerThatAsksForALongWait() throws IOException {
        assertThat(count(4, request("GET", "later", "", ""), 503)).isEqualTo(2);
        assertThat(retries("later", Retry.Result.SENT)).isZero();
    }

    @Test
    void waitsAsLongAsTheBackendAsks() throws IOException {
        long start = System.nanoTime();

        assertThat(count(2, request("GET", "soon", "", ""), 200)).isEqualTo(2);

        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(1_000_000_000L);
    }

    @Test
    void dropsAnAnswerThatIsNotWhole() throws IOException {
        assertThat(count(4, request("PUT", "early", "", "hi"), 200)).isEqualTo(4);

        await().untilAsserted(() -> assertThat(BACKENDS.get("early").get(0).connections())
                .as("closed with the answer")
                .isZero());
    }

    @Test
    void givesABackendUpThatDoesNotAnswerInTime() throws IOException {
        assertThat(count(2, request("GET", "slow", "", ""), 200)).isEqualTo(2);
        await().untilAsserted(() ->
                assertThat(BACKENDS.get("slow").get(0).connections()).isZero());
    }

    @Test
    void goesOnToAThird() throws IOException {
        assertThat(count(3, request("PUT", "three", "", "hi"), 200)).isEqualTo(3);
        assertThat(requestsAt("three")).isEqualTo(3 + retries("three", Retry.Result.SENT));
        assertThat(retries("three", Retry.Result.SENT)).isGreaterThanOrEqualTo(4);
    }

    @Test
    void triesNobodyElseIfThatIsOff() throws IOException {
        assertThat(count(4, request("GET", "off", "", ""), 502)).isEqualTo(2);
        assertThat(requestsAt("off")).isEqualTo(4);
    }

    @Test
    void forgetsARequestWhoseClientLeavesInThePause() throws IOException {
        try (RawClient client = RawClient.to(velo.port()).send(request("GET", "soon", "", ""))) {
            RawBackend asking = BACKENDS.get("soon").get(0);
            int before = asking.requests();
            await().until(() -> asking.requests() > before || client.in().available() > 0);
        }
        velo.awaitIdle();
    }
}
