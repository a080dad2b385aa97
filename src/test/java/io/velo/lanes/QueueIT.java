package io.velo.lanes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.velo.backend.BackendState;
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
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Requests that wait because all backends are full, on real sockets. */
@ParameterizedClass(name = "{0}")
@EnumSource(Lane.class)
class QueueIT {

    private static final int LENGTH = 60;

    private final Semaphore answers = new Semaphore(0);
    private final Lane lane;
    private RawBackend backend;
    private RunningVelo velo;

    QueueIT(Lane lane) {
        this.lane = lane;
    }

    @BeforeEach
    void start() {
        backend = RawBackend.doing(exchange -> {
            answers.acquireUninterruptibly();
            exchange.answer(200, exchange.target());
        });
        velo = RunningVelo.with(
                lane,
                "lb.health.enabled=false",
                "lb.backends[0].url=" + backend.url(),
                "lb.backends[0].max-in-flight=1",
                "lb.connections.queue=" + LENGTH,
                "lb.connections.queue-timeout=60s",
                "lb.pools.impatient.backends[0].url=" + backend.url(),
                "lb.pools.impatient.backends[0].max-in-flight=1",
                "lb.pools.impatient.connections.queue-timeout=300ms",
                "spring.cloud.gateway.server.webflux.routes[0].id=impatient",
                "spring.cloud.gateway.server.webflux.routes[0].uri=lb://impatient",
                "spring.cloud.gateway.server.webflux.routes[0].predicates[0]=Path=/impatient/**",
                "spring.cloud.gateway.server.webflux.routes[1].id=all",
                "spring.cloud.gateway.server.webflux.routes[1].uri=lb://default",
                "spring.cloud.gateway.server.webflux.routes[1].predicates[0]=Path=/**");
    }

    @AfterEach
    void stop() throws IOException {
        answers.release(10_000);
        velo.close();
        backend.close();
    }

    private static RawClient asking(RunningVelo velo, String target) throws IOException {
        return RawClient.to(velo.port()).send("GET " + target + " HTTP/1.1\r\nHost: velo.test\r\n\r\n");
    }

    private double depth(String pool) {
        return velo.registry()
                .get("lb.queue.depth")
                .tags("backend", "any", "pool", pool)
                .gauge()
                .value();
    }

    private void awaitDepth(int depth) {
        await().pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(2))
                .untilAsserted(() -> assertThat(depth("default")).isEqualTo(depth));
    }

    /** One that is being served, and as many as may wait, come one after the other. */
    private List<RawClient> fill() throws IOException {
        List<RawClient> clients = new ArrayList<>();
        clients.add(asking(velo, "/0"));
        await().until(() -> backend.requests() == 1);
        for (int i = 1; i <= LENGTH; i++) {
            clients.add(asking(velo, "/" + i));
            awaitDepth(i);
        }
        return clients;
    }

    @Test
    void servesInOrderAndRefusesWhomItHasNoRoomFor() throws IOException {
        List<RawClient> clients = fill();

        Answer refused = RawClient.get(velo.port(), "/refused");
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.field("Proxy-Status")).contains("connection_limit_reached");
        assertThat(refused.field("Retry-After")).isEqualTo("1");

        answers.release(LENGTH + 1);
        for (int i = 0; i <= LENGTH; i++) {
            assertThat(clients.get(i).read().body()).isEqualTo("/" + i);
            clients.get(i).close();
        }
        assertThat(backend.heads())
                .as("in order")
                .extracting(head -> head.split(" ", 3)[1])
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(0, LENGTH).mapToObj(i -> "/" + i).toList());
        velo.awaitIdle();
        awaitDepth(0);
        assertThat(velo.registry()
                        .get("lb.queue.wait")
                        .tag("pool", "default")
                        .timer()
                        .count())
                .isEqualTo(LENGTH);
        assertThat(velo.backend(backend).state()).isEqualTo(BackendState.UP);
    }

    @Test
    void forgetsThoseThatLeave() throws IOException {
        List<RawClient> clients = fill();
        for (int i = 1; i <= LENGTH; i++) {
            if (i != LENGTH / 2) {
                clients.get(i).reset();
            }
        }
        awaitDepth(1);

        answers.release(2);
        assertThat(clients.get(0).read().body()).isEqualTo("/0");
        assertThat(clients.get(LENGTH / 2).read().body()).isEqualTo("/" + LENGTH / 2);
        assertThat(backend.requests()).isEqualTo(2);
        velo.awaitIdle();
        velo.awaitRequests("aborted", "client_aborted", LENGTH - 1);
    }

    @Test
    void refusesThoseThatHaveWaitedTooLong() throws IOException {
        try (RawClient first = asking(velo, "/impatient/0")) {
            await().until(() -> backend.requests() == 1);
            try (RawClient second = asking(velo, "/impatient/1")) {
                assertThat(second.read().status()).isEqualTo(503);
            }
            assertThat(depth("impatient")).isZero();
            answers.release(2);
            assertThat(first.read().body()).isEqualTo("/impatient/0");
        }
        assertThat(RawClient.get(velo.port(), "/impatient/2").body()).isEqualTo("/impatient/2");
        velo.awaitIdle();
        velo.awaitRequests("failed", "connection_limit_reached", 1);
    }

    @Test
    void keepsABodyBackUntilItsTurn() throws IOException {
        try (RawClient first = asking(velo, "/0")) {
            await().until(() -> backend.requests() == 1);
            try (RawClient second = RawClient.to(velo.port())
                    .send("POST /1 HTTP/1.1\r\nHost: velo.test\r\nContent-Length: 4\r\n\r\nbo")) {
                awaitDepth(1);
                answers.release(2);
                assertThat(first.read().body()).isEqualTo("/0");
                assertThat(second.send("dy").read().body()).isEqualTo("/1");
            }
        }
        velo.awaitIdle();
    }
}
