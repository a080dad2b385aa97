package io.velo.lanes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.velo.limit.RateLimits;
import io.velo.route.Lane;
import io.velo.testing.RawBackend;
import io.velo.testing.RawClient;
import io.velo.testing.RawClient.Answer;
import io.velo.testing.RunningVelo;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Limits on clients' requests, on real sockets. Periods are so long that no test has to hurry. */
@ParameterizedClass(name = "{0}")
@EnumSource(Lane.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LimitIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Semaphore answers = new Semaphore(0);
    private final Semaphore late = new Semaphore(0);

    @Parameter
    private Lane lane;

    private RawBackend backend;
    private RunningVelo velo;

    @BeforeParameterizedClassInvocation
    void start(Lane of) {
        lane = of;
        late.drainPermits(); // of the other lane
        backend = RawBackend.doing(exchange -> {
            if (exchange.target().startsWith("/busy")) {
                (exchange.target().endsWith("/late") ? late : answers).acquireUninterruptibly();
            }
            exchange.answer(200, "ok");
        });
        List<String> properties = new ArrayList<>(List.of("lb.forwarded.trusted=127.0.0.1"));
        properties.addAll(limit(0, "slow", "requests=2", "period=1h", "key=header:X-Tenant"));
        properties.addAll(limit(1, "busy", "concurrency=2", "key=header:X-Tenant"));
        properties.addAll(limit(2, "net", "requests=1", "period=1h", "key=address"));
        for (String route : List.of("slow", "busy", "net", "free")) {
            properties.addAll(route(route));
        }
        velo = RunningVelo.unprobed(lane, List.of(backend), properties.toArray(String[]::new));
    }

    private static List<String> limit(int place, String name, String... keys) {
        String at = "lb.rate-limit.rules[" + place + "].";
        List<String> properties = new ArrayList<>(List.of(at + "name=" + name, at + "routes=" + name));
        List.of(keys).forEach(key -> properties.add(at + key));
        return properties;
    }

    private static List<String> route(String name) {
        String at = "spring.cloud.gateway.server.webflux.routes["
                + List.of("slow", "busy", "net", "free").indexOf(name) + "].";
        return List.of(at + "id=" + name, at + "uri=lb://default", at + "predicates[0]=Path=/" + name + "/**");
    }

    @AfterEach
    void settle() {
        velo.awaitIdle();
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(limits().keysInFlight()).isZero());
    }

    @AfterParameterizedClassInvocation
    void stop() throws IOException {
        late.release(10);
        velo.close();
        backend.close();
    }

    private RateLimits limits() {
        return velo.context().getBean(RateLimits.class);
    }

    private static String get(String target, String field) {
        return "GET " + target + " HTTP/1.1\r\nHost: velo.test\r\n" + field + "\r\n\r\n";
    }

    private Answer ask(String target, String field) throws IOException {
        return RawClient.ask(velo.port(), get(target, field));
    }

    @Test
    void refuseWhatIsTooMuchAndSaySo() throws IOException {
        int before = backend.requests();
        Answer first = ask("/slow/a", "X-Tenant: one");
        Answer second = ask("/slow/b", "X-Tenant: one");
        Answer third = ask("/slow/c", "X-Tenant: one");

        assertThat(List.of(first.status(), second.status(), third.status())).containsExactly(200, 200, 429);
        assertThat(first.field("RateLimit-Policy")).isEqualTo("\"slow\";q=2;w=3600");
        assertThat(first.field("RateLimit")).matches("\"slow\";r=1;t=\\d+");
        assertThat(second.field("RateLimit")).startsWith("\"slow\";r=0;");
        assertThat(third.field("RateLimit")).startsWith("\"slow\";r=0;");
        assertThat(Integer.parseInt(third.field("Retry-After"))).isBetween(1000, 1800);
        assertThat(third.field("Proxy-Status")).isEqualTo("velo; error=http_request_denied");
        assertThat(third.body()).contains("\"status\":429");
        assertThat(backend.requests() - before).isEqualTo(2);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(velo.requests("failed", "http_request_denied"))
                .isPositive());
        assertThat(velo.registry()
                        .get("lb.rate.limit.denied")
                        .tags("limit", "slow", "cause", "rate")
                        .counter()
                        .count())
                .isPositive();
    }

    @Test
    void countEachClientByItself() throws IOException {
        ask("/slow/a", "X-Tenant: many");
        ask("/slow/a", "X-Tenant: many");

        assertThat(ask("/slow/a", "X-Tenant: many").status()).isEqualTo(429);
        assertThat(ask("/slow/a", "X-Tenant: few").status()).isEqualTo(200);
        assertThat(ask("/free/a", "X-Tenant: many").status()).isEqualTo(200);
        assertThat(ask("/free/a", "X-Tenant: many").head()).doesNotContainIgnoringCase("ratelimit");
    }

    @Test
    void goByTheClientThatATrustedProxyNamesAndByItsNetwork() throws IOException {
        assertThat(ask("/net/a", "X-Forwarded-For: 2001:db8:1:2::1").status()).isEqualTo(200);
        assertThat(ask("/net/a", "X-Forwarded-For: 2001:db8:1:2:ffff::9").status())
                .isEqualTo(429);
        assertThat(ask("/net/a", "X-Forwarded-For: 2001:db8:1:3::1").status()).isEqualTo(200);
        assertThat(ask("/net/a", "X-Forwarded-For: 192.0.2.1").status()).isEqualTo(200);
        assertThat(ask("/net/a", "X-Forwarded-For: 192.0.2.1").status()).isEqualTo(429);
    }

    @Test
    void keepTheConnectionAndReadWhatWasRefused() throws IOException {
        try (RawClient client = RawClient.to(velo.port())) {
            String post =
                    "POST /slow/a HTTP/1.1\r\nHost: velo.test\r\nX-Tenant: three\r\nContent-Length: 4\r\n\r\nbody";
            assertThat(client.send(post).read().status()).isEqualTo(200);
            assertThat(client.send(post).read().status()).isEqualTo(200);
            assertThat(client.send(post).read().status()).isEqualTo(429);
            assertThat(client.send(get("/free/a", "X-Tenant: three")).read().status())
                    .isEqualTo(200);
        }
    }

    @Test
    void boundHowManyAreInFlight() throws IOException {
        int before = backend.requests();
        try (RawClient one = RawClient.to(velo.port());
                RawClient two = RawClient.to(velo.port())) {
            one.send(get("/busy/a", "X-Tenant: one"));
            two.send(get("/busy/b", "X-Tenant: one"));
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(backend.requests() - before).isEqualTo(2));

            Answer third = ask("/busy/c", "X-Tenant: one");
            assertThat(third.status()).isEqualTo(429);
            assertThat(third.field("Retry-After")).isEqualTo("1");

            answers.release(2);
            assertThat(one.read().status()).isEqualTo(200);
            assertThat(two.read().status()).isEqualTo(200);
        }
        answers.release();
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(ask("/busy/d", "X-Tenant: one").status()).isEqualTo(200));
    }

    @Test
    void letGoOfOneWhoseClientLeaves() throws IOException {
        int before = backend.requests();
        try (RawClient one = RawClient.to(velo.port())) {
            one.send(get("/busy/late", "X-Tenant: leaver"));
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(backend.requests() - before).isEqualTo(1));
            assertThat(limits().keysInFlight()).isEqualTo(1);
            one.reset();
        }

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(limits().keysInFlight()).isZero());
    }
}
