package io.velo.lanes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.velo.pool.Canaries;
import io.velo.pool.Canary;
import io.velo.route.Lane;
import io.velo.route.Route;
import io.velo.testing.RawBackend;
import io.velo.testing.RawClient;
import io.velo.testing.RunningVelo;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.server.HttpServer;

/** Traffic shared between pools: by a canary of a pool, and by the weights of routes. */
@ParameterizedClass(name = "{0}")
@EnumSource(Lane.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SplitIT {

    /** Of k123456789, by SHA-256. */
    private static final String KEY_HASH = "3ba3a257aec87686e0b52bb81c4ca338d04dd25205358e8730d5fa87cfdf2bff";

    private static final String ROUTE = "spring.cloud.gateway.server.webflux.routes[%d].%s";

    @Parameter
    private Lane lane;

    private RawBackend old;
    private RawBackend fresh;
    private RawBackend broken;
    private RawBackend middling;
    private DisposableServer byHttp2;
    private RunningVelo velo;

    @BeforeParameterizedClassInvocation
    void start(Lane of) throws IOException {
        lane = of;
        old = RawBackend.saying("old");
        fresh = RawBackend.saying("new");
        broken = RawBackend.doing(exchange -> exchange.answer(500, "broken"));
        middling =
                RawBackend.doing(exchange -> exchange.answer(exchange.target().endsWith("0") ? 500 : 200, "middling"));
        byHttp2 = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .protocol(HttpProtocol.H2C)
                .handle((request, response) -> response.sendString(Mono.just("h2c")))
                .bindNow();
        int dead;
        try (ServerSocket socket = new ServerSocket(0)) {
            dead = socket.getLocalPort();
        }
        List<String> properties = new ArrayList<>(List.of("lb.health.enabled=false", "lb.circuit.max-ejected=0"));
        pool(properties, "bycookie", old.url(), "new", "cookie");
        pool(properties, "byfield", old.url(), "new", "header:X-User");
        pool(properties, "spoilt", old.url(), "broken", "header:X-User");
        pool(properties, "deserted", old.url(), "dead", "header:X-User");
        pool(properties, "alike", middling.url(), "middling", "header:X-User");
        pool(properties, "modern", old.url(), "byhttp2", "header:X-User");
        properties.add("lb.pools.new.backends=" + fresh.url());
        properties.add("lb.pools.broken.backends=" + broken.url());
        properties.add("lb.pools.dead.backends=http://127.0.0.1:" + dead);
        properties.add("lb.pools.middling.backends=" + middling.url());
        properties.add("lb.pools.byhttp2.backends=h2c://127.0.0.1:" + byHttp2.port());
        pool(properties, "guarded", old.url(), "fresh", "cookie");
        pool(properties, "limited", old.url(), "fresh", "cookie");
        properties.add("lb.pools.fresh.backends=" + fresh.url());
        properties.add("lb.auth.rules[0].paths=/guarded");
        properties.add("lb.auth.rules[0].any-of=api-key");
        properties.add("lb.auth.api-keys.keys[0].id=shop");
        properties.add("lb.auth.api-keys.keys[0].hash=" + KEY_HASH);
        properties.add("lb.rate-limit.rules[0].name=few");
        properties.add("lb.rate-limit.rules[0].routes=route7");
        properties.add("lb.rate-limit.rules[0].key=route");
        properties.add("lb.rate-limit.rules[0].requests=1");
        properties.add("lb.rate-limit.rules[0].period=1h");
        List<String> routed =
                List.of("bycookie", "byfield", "spoilt", "deserted", "alike", "modern", "guarded", "limited");
        for (int i = 0; i < routed.size(); i++) {
            route(properties, i, routed.get(i), "Path=/" + routed.get(i));
        }
        route(properties, routed.size(), "byfield", "Path=/weighed", "Weight=canary,90");
        route(properties, routed.size() + 1, "new", "Path=/weighed", "Weight=canary,10");
        velo = RunningVelo.with(lane, properties.toArray(String[]::new));
    }

    private static void pool(List<String> properties, String name, String backend, String canary, String key) {
        String prefix = "lb.pools." + name + ".";
        properties.addAll(List.of(
                prefix + "backends=" + backend,
                prefix + "canary.pool=" + canary,
                prefix + "canary.percent=50",
                prefix + "canary.key=" + key,
                prefix + "canary.guard.min-requests=30"));
    }

    private static void route(List<String> properties, int place, String pool, String... predicates) {
        properties.add(ROUTE.formatted(place, "id") + "=route" + place);
        properties.add(ROUTE.formatted(place, "uri") + "=lb://" + pool);
        for (int i = 0; i < predicates.length; i++) {
            properties.add(ROUTE.formatted(place, "predicates[" + i + "]") + "=" + predicates[i]);
        }
    }

    @AfterParameterizedClassInvocation
    void stop() throws IOException {
        velo.awaitIdle();
        velo.close();
        byHttp2.disposeNow();
        for (RawBackend backend : List.of(old, fresh, broken, middling)) {
            backend.close();
        }
    }

    private static RawClient.Answer ask(RawClient client, String target, String fields) throws IOException {
        return client.send("GET " + target + " HTTP/1.1\r\nHost: velo.test\r\n" + fields + "\r\n")
                .read();
    }

    private Canary canary(String pool) {
        return velo.context().getBean(Canaries.class).of(pool).orElseThrow();
    }

    @Test
    void aClientWithACookieStaysWhereItIs() throws IOException {
        try (RawClient client = RawClient.to(velo.port())) {
            for (int i = 0; i < 100; i++) {
                RawClient.Answer first = ask(client, "/bycookie", "");
                assertThat(first.field("Set-Cookie")).matches("velo-canary=\\d+; Path=/; HttpOnly; SameSite=Lax");
                String cookie = first.field("Set-Cookie").split(";", 2)[0];
                int slot = Integer.parseInt(cookie.substring("velo-canary=".length()));
                assertThat(first.body()).isEqualTo(slot < 5000 ? "new" : "old");

                RawClient.Answer second = ask(client, "/bycookie", "Cookie: a=b; " + cookie + "\r\n");

                assertThat(second.body()).isEqualTo(first.body());
                assertThat(second.head()).doesNotContainIgnoringCase("set-cookie");
            }
        }
    }

    @Test
    void aClientWithAFieldStaysWhereItIsAndOneWithoutAtHome() throws IOException {
        Map<String, String> sides = new HashMap<>();
        try (RawClient client = RawClient.to(velo.port())) {
            for (int i = 0; i < 300; i++) {
                String user = "user-" + i % 60;
                String side =
                        ask(client, "/byfield", "X-User: " + user + "\r\n").body();
                assertThat(sides.putIfAbsent(user, side)).isIn(null, side);
            }
            assertThat(sides.values()).contains("old", "new");
            assertThat(ask(client, "/byfield", "").body()).isEqualTo("old");
        }
        assertThat(velo.registry()
                        .find("lb.requests")
                        .tag("pool", "new")
                        .tag("lane", lane.word())
                        .timers())
                .isNotEmpty();
    }

    @Test
    void aBadCanaryStepsBack() throws IOException {
        assertStepsBack("spoilt", "broken");
        try (RawClient client = RawClient.to(velo.port())) {
            assertThat(ask(client, "/actuator/pools/spoilt", "").body())
                    .contains(
                            "\"canary\":{\"pool\":\"broken\",\"percent\":0.0,\"configured\":50.0,\"key\":\"header:x-user\"",
                            "\"steppedBack\":{\"at\":");
        }
    }

    @Test
    void aDeadCanaryStepsBack() throws IOException {
        assertStepsBack("deserted", "dead");
    }

    private void assertStepsBack(String pool, String canary) throws IOException {
        assertThat(percent(pool)).isEqualTo(50);
        int asked = 0;
        try (RawClient client = RawClient.to(velo.port())) {
            while (canary(pool).percent() > 0 && asked < 1000) {
                ask(client, "/" + pool, "X-User: user-" + asked++ + "\r\n");
            }
            assertThat(asked).as("requests until it stepped back").isBetween(30, 200);
            for (int i = 0; i < 100; i++) {
                assertThat(ask(client, "/" + pool, "X-User: user-" + i + "\r\n").body())
                        .isEqualTo("old");
            }
        }
        assertThat(canary(pool).steppedBack().orElseThrow().cause()).contains("pool " + pool + ", 0 errors in");
        assertThat(percent(pool)).isZero();
        assertThat(velo.registry()
                        .get("lb.canary.step.backs")
                        .tags("pool", pool, "canary", canary)
                        .counter()
                        .count())
                .isEqualTo(1);
        velo.awaitIdle();
    }

    private double percent(String pool) {
        return velo.registry()
                .get("lb.canary.percent")
                .tag("pool", pool)
                .gauge()
                .value();
    }

    @Test
    void aCanaryThatDoesAsTheOthersDoStays() throws IOException {
        try (RawClient client = RawClient.to(velo.port())) {
            for (int i = 0; i < 600; i++) {
                ask(client, "/alike?" + i, "X-User: user-" + i / 10 + "\r\n");
            }
        }
        await().untilAsserted(() -> assertThat(canary("alike").canaryFigures().requests()
                        + canary("alike").baselineFigures().requests())
                .isEqualTo(600));
        assertThat(canary("alike").canaryFigures().errors()).isGreaterThan(10);
        assertThat(canary("alike").percent()).isEqualTo(50);
    }

    @Test
    void whoMayNotPassSaysNothingOfTheCanary() throws IOException {
        refuseMany("/guarded", 401);
        try (RawClient client = RawClient.to(velo.port())) {
            RawClient.Answer passed = ask(client, "/guarded", "X-API-Key: k123456789\r\n");

            assertThat(passed.status()).isEqualTo(200);
            assertThat(passed.field("Set-Cookie")).startsWith("velo-canary=");
        }
        assertAsked("guarded", 1);
    }

    @Test
    void whoComesTooOftenSaysNothingOfTheCanary() throws IOException {
        try (RawClient client = RawClient.to(velo.port())) {
            assertThat(ask(client, "/limited", "").status()).isEqualTo(200);
        }
        refuseMany("/limited", 429);
        assertAsked("limited", 1);
    }

    private void refuseMany(String target, int status) throws IOException {
        try (RawClient client = RawClient.to(velo.port())) {
            for (int i = 0; i < 80; i++) {
                RawClient.Answer refused = ask(client, target, "");
                assertThat(refused.status()).isEqualTo(status);
                assertThat(refused.head()).doesNotContainIgnoringCase("set-cookie");
            }
        }
    }

    private void assertAsked(String pool, int requests) {
        await().untilAsserted(() -> assertThat(canary(pool).canaryFigures().requests()
                        + canary(pool).baselineFigures().requests())
                .isEqualTo(requests));
        assertThat(canary(pool).percent()).isEqualTo(50);
        assertThat(velo.registry()
                        .find("lb.requests")
                        .tag("pool", pool)
                        .tag("outcome", "failure")
                        .timers())
                .isEmpty();
    }

    @Test
    void aCanaryMaySpeakAnotherProtocol() throws IOException {
        try (RawClient client = RawClient.to(velo.port())) {
            List<String> answers = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                answers.add(ask(client, "/modern", "X-User: user-" + i + "\r\n").body());
            }
            assertThat(answers).contains("h2c", "old").containsOnly("h2c", "old");
        }
    }

    @Test
    void theWeightsOfRoutesCount() throws IOException {
        Map<String, Integer> answers = new HashMap<>();
        try (RawClient client = RawClient.to(velo.port())) {
            for (int i = 0; i < 400; i++) {
                answers.merge(ask(client, "/weighed", "").body(), 1, Integer::sum);
            }
        }

        assertThat(answers.get("old")).isBetween(310, 395);
        assertThat(answers.get("new")).isBetween(5, 90);
        assertThat(velo.routes().routes()).last().extracting(Route::lane).isEqualTo(Lane.GATEWAY);
    }
}
