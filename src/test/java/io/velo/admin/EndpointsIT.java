package io.velo.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.jayway.jsonpath.JsonPath;
import io.velo.testing.RawBackend;
import io.velo.testing.RawClient;
import io.velo.testing.RunningVelo;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What Velo tells of itself. */
class EndpointsIT {

    private static RawBackend healthy;
    private static RawBackend unhealthy;
    private static RunningVelo velo;

    @BeforeAll
    static void start() {
        healthy = RawBackend.saying("hello");
        unhealthy = RawBackend.doing(exchange -> exchange.answer(500, "no"));
        velo = RunningVelo.with(
                "lb.backends[0].url=" + healthy.url(),
                "lb.backends[0].id=good",
                "lb.backends[0].weight=3",
                "lb.backends[0].zone=z1",
                "lb.backends[1].url=" + unhealthy.url(),
                "lb.backends[1].id=bad",
                "lb.pools.spare.strategy=leastconnection");
        await().untilAsserted(() -> assertThat(state("bad")).isEqualTo("down"));
        await().untilAsserted(() -> assertThat(EndpointsIT.<List<Object>>read(
                        "/actuator/pools", "$.pools[0].backends[?(@.id=='good')].lastProbe.passed"))
                .containsExactly(true));
    }

    @AfterAll
    static void stop() throws IOException {
        velo.close();
        healthy.close();
        unhealthy.close();
    }

    @Test
    void tellsOfEveryPool() throws IOException {
        assertThat(EndpointsIT.<List<String>>read("/actuator/pools", "$.pools[*].name"))
                .containsExactly("default", "spare");
        assertThat(EndpointsIT.<List<String>>read("/actuator/pools", "$.pools[*].strategy"))
                .containsExactly("roundrobin", "leastconnection");
        assertThat(EndpointsIT.<List<Integer>>read("/actuator/pools", "$.pools[*].eligible"))
                .containsExactly(1, 0);
        assertThat(EndpointsIT.<List<Boolean>>read("/actuator/pools", "$.pools[*].panic"))
                .containsExactly(false, false);
    }

    @Test
    void tellsOfAHealthyBackend() throws IOException {
        Map<String, Object> backend = read("/actuator/pools/default", "$.backends[0]");

        assertThat(backend)
                .containsEntry("id", "good")
                .containsEntry("url", healthy.url())
                .containsEntry("state", "up")
                .containsEntry("inFlight", 0)
                .containsEntry("weight", 3)
                .containsEntry("zone", "z1")
                .containsKey("reason");
        assertThat(Instant.parse((String) backend.get("since"))).isBefore(Instant.now());
        assertThat(EndpointsIT.<String>read("/actuator/pools/default", "$.backends[0].lastProbe.detail"))
                .contains("200");
    }

    @Test
    void tellsWhyABackendIsDown() throws IOException {
        Map<String, Object> backend = read("/actuator/pools/default", "$.backends[1]");

        assertThat(backend).containsEntry("id", "bad").containsEntry("state", "down");
        assertThat((String) backend.get("reason")).contains("500");
        assertThat((String) backend.get("why"))
                .startsWith("bad is down since 20")
                .contains("Its breaker is closed");
        assertThat(EndpointsIT.<Map<String, Object>>read("/actuator/pools/default", "$.backends[1].lastProbe"))
                .containsEntry("passed", false)
                .containsEntry("status", 500)
                .containsKeys("latencyMillis", "at");
        assertThat(EndpointsIT.<Map<String, Object>>read("/actuator/pools/default", "$.backends[1].breaker"))
                .containsEntry("position", "closed")
                .containsEntry("threshold", 3);
    }

    @Test
    void tellsWhatHasHappened() throws IOException {
        Map<String, Object> transition = read("/actuator/pools/default", "$.transitions[0]");

        assertThat(transition)
                .containsEntry("backend", "bad")
                .containsEntry("from", "up")
                .containsEntry("to", "down")
                .containsEntry("reason", "probe missed: status 500")
                .containsEntry("sentence", "bad went from up to down: probe missed: status 500")
                .containsKey("at");
    }

    @Test
    void knowsNoPoolOfAnotherName() throws IOException {
        assertThat(RawClient.get(velo.port(), "/actuator/pools/none").status()).isEqualTo(404);
    }

    @Test
    void tellsOfTheRoutes() throws IOException {
        Map<String, Object> route = read("/actuator/routes", "$.routes[0]");

        assertThat(route).containsEntry("id", "default").containsEntry("pool", "default");
        assertThat((String) route.get("lane")).isIn("gateway", "express");
        assertThat((String) route.get("why")).isNotBlank();
    }

    @Test
    void hasThePathsOfKubernetes() throws IOException {
        assertThat(RawClient.get(velo.port(), "/livez").status()).isEqualTo(200);
        assertThat(RawClient.get(velo.port(), "/readyz").status()).isEqualTo(200);
    }

    @Test
    void countsTheBackendsIntoItsHealth() throws IOException {
        Map<String, Object> pool = read("/actuator/health", "$.components.backends.details.default");

        assertThat(pool)
                .containsEntry("eligible", 1)
                .containsEntry("routed", true)
                .containsEntry("probed", true);
        assertThat((Map<?, ?>) pool.get("backends")).hasSize(2);
        assertThat(EndpointsIT.<String>read("/actuator/health", "$.components.backends.details.default.backends.bad"))
                .startsWith("down: ");
        assertThat(EndpointsIT.<Boolean>read("/actuator/health", "$.components.backends.details.spare.routed"))
                .isFalse();
    }

    private static String state(String backend) throws IOException {
        return EndpointsIT.<List<String>>read(
                        "/actuator/pools", "$.pools[0].backends[?(@.id=='" + backend + "')].state")
                .get(0);
    }

    private static <T> T read(String target, String path) throws IOException {
        return JsonPath.read(RawClient.get(velo.port(), target).body(), path);
    }
}
