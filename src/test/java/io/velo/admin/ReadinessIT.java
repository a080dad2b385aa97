package io.velo.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.velo.testing.RawBackend;
import io.velo.testing.RawClient;
import io.velo.testing.RunningVelo;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Ready is who can serve every route. */
class ReadinessIT {

    private static final String[] QUICK_PROBES = {
        "lb.health.interval=100ms",
        "lb.health.timeout=100ms",
        "lb.health.fast-interval=50ms",
        "lb.health.rise=1",
        "lb.health.fall=2"
    };

    @Test
    void waitsForTheFirstRoundOfProbes() throws IOException {
        CountDownLatch answer = new CountDownLatch(1);
        try (RawBackend quick = RawBackend.saying("ok");
                RawBackend slow = RawBackend.doing(exchange -> answerAfter(answer, exchange));
                RunningVelo velo = RunningVelo.with(
                        "lb.backends=" + quick.url() + "," + slow.url(),
                        "lb.health.interval=60s",
                        "lb.health.timeout=50s")) {
            await().untilAsserted(() -> assertThat(slow.requests()).isEqualTo(1));

            assertThat(ready(velo)).isEqualTo(503);
            assertThat(RawClient.get(velo.port(), "/livez").status()).isEqualTo(200);

            answer.countDown();

            await().untilAsserted(() -> assertThat(ready(velo)).isEqualTo(200));
        }
    }

    @Test
    void followsTheHealthOfTheBackends() throws IOException {
        AtomicInteger status = new AtomicInteger(200);
        try (RawBackend backend = RawBackend.doing(exchange -> exchange.answer(status.get(), "x"));
                RunningVelo velo = velo("lb.backends=" + backend.url())) {
            await().untilAsserted(() -> assertThat(ready(velo)).isEqualTo(200));

            status.set(500);
            await().untilAsserted(() -> assertThat(ready(velo)).isEqualTo(503));

            status.set(200);
            await().untilAsserted(() -> assertThat(ready(velo)).isEqualTo(200));
        }
    }

    @Test
    void countsOnlyPoolsThatARouteLeadsTo() throws IOException {
        try (RawBackend backend = RawBackend.saying("ok");
                RunningVelo velo = velo(
                        "lb.pools.api.backends=" + backend.url(),
                        "lb.pools.spare.strategy=roundrobin",
                        "spring.cloud.gateway.server.webflux.routes[0].id=api",
                        "spring.cloud.gateway.server.webflux.routes[0].uri=lb://api",
                        "spring.cloud.gateway.server.webflux.routes[0].predicates[0]=Path=/api/**")) {
            await().untilAsserted(() -> assertThat(ready(velo)).isEqualTo(200));
        }
    }

    @Test
    void countsEachPoolThatARouteLeadsTo() throws IOException {
        try (RawBackend backend = RawBackend.saying("ok");
                RunningVelo velo = velo(
                        "lb.pools.api.backends=" + backend.url(),
                        "lb.pools.empty.strategy=roundrobin",
                        "spring.cloud.gateway.server.webflux.routes[0].id=api",
                        "spring.cloud.gateway.server.webflux.routes[0].uri=lb://api",
                        "spring.cloud.gateway.server.webflux.routes[0].predicates[0]=Path=/api/**",
                        "spring.cloud.gateway.server.webflux.routes[1].id=empty",
                        "spring.cloud.gateway.server.webflux.routes[1].uri=lb://empty",
                        "spring.cloud.gateway.server.webflux.routes[1].predicates[0]=Path=/empty/**")) {
            await().untilAsserted(() -> assertThat(
                            RawClient.get(velo.port(), "/actuator/health").body())
                    .contains("\"api\":{\"eligible\":1,\"routed\":true,\"probed\":true"));

            assertThat(ready(velo)).isEqualTo(503);
        }
    }

    private static RunningVelo velo(String... properties) {
        String[] all = Stream.concat(Arrays.stream(QUICK_PROBES), Arrays.stream(properties))
                .toArray(String[]::new);
        return RunningVelo.with(all);
    }

    private static int ready(RunningVelo velo) throws IOException {
        return RawClient.get(velo.port(), "/readyz").status();
    }

    private static void answerAfter(CountDownLatch latch, RawBackend.Exchange exchange) throws IOException {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        exchange.answer(200, "ok");
    }
}
