package io.velo.express;

import static org.assertj.core.api.Assertions.assertThat;

import io.velo.testing.RawBackend;
import io.velo.testing.RawClient;
import io.velo.testing.RunningVelo;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Requests of both lanes, and Velo's own endpoints, on one connection. */
class LaneSwitchIT {

    private static RawBackend backend;
    private static RunningVelo velo;

    @BeforeAll
    static void start() {
        backend = RawBackend.doing(exchange -> exchange.answer(200, exchange.target()));
        velo = RunningVelo.unprobed(
                List.of(backend),
                "spring.cloud.gateway.server.webflux.routes[0].id=slow",
                "spring.cloud.gateway.server.webflux.routes[0].uri=lb://default",
                "spring.cloud.gateway.server.webflux.routes[0].predicates[0]=Path=/slow/**",
                "spring.cloud.gateway.server.webflux.routes[0].filters[0]=SecureHeaders",
                "spring.cloud.gateway.server.webflux.routes[1].id=fast",
                "spring.cloud.gateway.server.webflux.routes[1].uri=lb://default",
                "spring.cloud.gateway.server.webflux.routes[1].predicates[0]=Path=/**");
    }

    @AfterAll
    static void stop() throws IOException {
        velo.close();
        backend.close();
    }

    private static String get(String target) {
        return "GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n";
    }

    private static double ended(String lane) {
        return velo.registry().find("lb.requests").tag("lane", lane).timers().stream()
                .mapToLong(timer -> timer.count())
                .sum();
    }

    @Test
    void answersPipelinedRequestsOfBothLanesInTheirOrder() throws IOException {
        try (RawClient client = RawClient.to(velo.port())) {
            StringBuilder pipelined = new StringBuilder();
            for (int i = 0; i < 10; i++) {
                pipelined.append(get("/slow/" + i)).append(get("/fast/" + i)).append(get("/actuator/health"));
            }
            double before = ended("express");
            client.send(pipelined.toString());

            for (int i = 0; i < 10; i++) {
                assertThat(client.read().body()).isEqualTo("/slow/" + i);
                assertThat(client.read().body()).isEqualTo("/fast/" + i);
                assertThat(client.read().body()).contains("status");
            }
            velo.awaitIdle();
            assertThat(ended("express") - before).isEqualTo(10);
        }
    }

    @Test
    void passesBodiesToTheLaneOfTheirHead() throws IOException {
        try (RawClient client = RawClient.to(velo.port())) {
            for (String target : List.of("/slow/a", "/fast/b", "/slow/c", "/fast/d")) {
                client.send("POST " + target + " HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nab");

                client.send("c");

                assertThat(client.read().body()).isEqualTo(target);
            }
            velo.awaitIdle();
        }
    }
}
