package io.velo.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.velo.limit.Draw;
import io.velo.limit.Rate;
import io.velo.limit.RateLimits;
import io.velo.limit.SharedBuckets;
import io.velo.limit.Taken;
import io.velo.route.Lane;
import io.velo.testing.RawBackend;
import io.velo.testing.RawClient;
import io.velo.testing.RawClient.Answer;
import io.velo.testing.RedisServer;
import io.velo.testing.RunningVelo;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Limits that are counted in a real Redis. The time limit is long, since what is shown here is not how fast it is. */
@ParameterizedClass(name = "{0}")
@EnumSource(Lane.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SharedLimitIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Rate TWO_AN_HOUR = new Rate(2, Duration.ofHours(1), 2);

    @Parameter
    private Lane lane;

    private RedisServer redis;
    private RawBackend backend;
    private RunningVelo velo;

    @BeforeParameterizedClassInvocation
    void start(Lane of) throws IOException {
        lane = of;
        assumeTrue(RedisServer.isInstalled(), "redis-server is not installed");
        redis = RedisServer.start();
        backend = RawBackend.saying("ok");
        velo = RunningVelo.unprobed(
                lane,
                List.of(backend),
                "lb.rate-limit.store=redis",
                "lb.rate-limit.on-outage=deny",
                "lb.rate-limit.redis.url=" + redis.url(),
                "lb.rate-limit.redis.timeout=1s",
                "lb.rate-limit.rules[0].name=tenant",
                "lb.rate-limit.rules[0].key=header:X-Tenant",
                "lb.rate-limit.rules[0].requests=2",
                "lb.rate-limit.rules[0].period=1h",
                "lb.rate-limit.rules[0].concurrency=10");
        awaitShared();
    }

    @AfterParameterizedClassInvocation
    void stop() throws IOException {
        if (velo != null) {
            velo.awaitIdle();
            await().atMost(PATIENCE).until(() -> limits().keysInFlight() == 0);
            velo.close();
            backend.close();
            redis.close();
        }
    }

    private RateLimits limits() {
        return velo.context().getBean(RateLimits.class);
    }

    private Answer ask(String tenant) throws IOException {
        return RawClient.ask(velo.port(), "GET / HTTP/1.1\r\nHost: velo.test\r\nX-Tenant: " + tenant + "\r\n\r\n");
    }

    private double asked(String result) {
        return velo.registry()
                .get("lb.rate.limit.store")
                .tag("result", result)
                .functionCounter()
                .count();
    }

    private void awaitShared() {
        double before = asked("answered");
        await().atMost(PATIENCE).until(() -> {
            ask("probe" + System.nanoTime());
            return asked("answered") > before;
        });
    }

    private Optional<List<Taken>> take(Draw... draws) throws Exception {
        CompletableFuture<Optional<List<Taken>>> told = new CompletableFuture<>();
        velo.context().getBean(SharedBuckets.class).take(List.of(draws), told::complete);
        return told.get(30, TimeUnit.SECONDS);
    }

    @Test
    void countInRedisAndGoByTheDeclaredPolicyWithoutIt() throws Exception {
        assertThat(ask("a").status()).isEqualTo(200);
        Answer second = ask("a");
        Answer third = ask("a");
        assertThat(second.status()).isEqualTo(200);
        assertThat(second.field("RateLimit")).startsWith("\"tenant\";r=0;");
        assertThat(third.status()).isEqualTo(429);
        assertThat(Integer.parseInt(third.field("Retry-After"))).isBetween(1000, 1800);
        assertThat(ask("b").status()).isEqualTo(200);

        redis.kill();
        Answer without = ask("c");
        assertThat(without.status()).isEqualTo(429);
        assertThat(without.head()).doesNotContainIgnoringCase("ratelimit:");
        assertThat(without.field("Retry-After")).isEqualTo("1");
        await().atMost(PATIENCE).until(() -> {
            ask("c");
            return asked("skipped") > 0;
        });

        redis.startAgain();
        awaitShared();
        assertThat(ask("a").status()).as("a Redis that has forgotten all").isEqualTo(200);
    }

    @Test
    void takeFromAllBucketsOrFromNone() throws Exception {
        Draw wide = new Draw("wide", new Rate(3, Duration.ofHours(1), 3));
        Draw narrow = new Draw("narrow", TWO_AN_HOUR);

        assertThat(granted(take(wide, narrow))).containsExactly(true, true);
        assertThat(granted(take(wide, narrow))).containsExactly(true, true);
        List<Taken> refused = take(wide, narrow).orElseThrow();
        assertThat(refused).extracting(Taken::granted).containsExactly(true, false);
        assertThat(refused.get(1).waitNanos())
                .isBetween(
                        Duration.ofMinutes(25).toNanos(), Duration.ofMinutes(30).toNanos());
        assertThat(granted(take(wide))).containsExactly(true);
        assertThat(granted(take(wide))).containsExactly(false);
    }

    @Test
    void giveExactlyTheBurst() throws Exception {
        Draw draw = new Draw("burst", new Rate(3, Duration.ofHours(24), 100));
        int granted = 0;
        for (int i = 0; i < 150; i++) {
            granted += take(draw).orElseThrow().get(0).granted() ? 1 : 0;
        }

        assertThat(granted).isEqualTo(100);
    }

    private static List<Boolean> granted(Optional<List<Taken>> taken) {
        return taken.orElseThrow().stream().map(Taken::granted).toList();
    }
}
