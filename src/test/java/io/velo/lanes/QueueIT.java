package io.velo.lanes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.Timer;
import io.velo.backend.BackendState;
import io.velo.change.Reload;
import io.velo.change.Reloads;
import io.velo.route.Lane;
import io.velo.testing.ConfigFile;
import io.velo.testing.LiveObjects;
import io.velo.testing.RawBackend;
import io.velo.testing.RawClient;
import io.velo.testing.RawClient.Answer;
import io.velo.testing.RunningVelo;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Requests that wait because all backends are full, on real sockets. */
@ParameterizedClass(name = "{0}")
@EnumSource(Lane.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class QueueIT {

    private static final int LENGTH = 60;
    private static final int CROWD = 500;

    private static final String[] REQUESTS = {
        "io.velo.pool.Line$Place", "io.velo.express.Exchange", "io.velo.gateway.ProxiedRequest"
    };

    private final Semaphore answers = new Semaphore(0);

    @Parameter
    private Lane lane;

    private RawBackend backend;
    private ConfigFile file;
    private RunningVelo velo;
    private int before;

    @BeforeParameterizedClassInvocation
    void start(Lane of, @TempDir Path directory) throws IOException {
        lane = of;
        file = ConfigFile.in(directory, crowdMayWait("10m"));
        backend = RawBackend.doing(exchange -> {
            answers.acquireUninterruptibly();
            exchange.answer(200, exchange.target());
        });
        velo = RunningVelo.with(
                lane,
                file.property(),
                "lb.reload.watch=false",
                "lb.health.enabled=false",
                "lb.timeouts.response=10m",
                "lb.backends[0].url=" + backend.url(),
                "lb.backends[0].max-in-flight=1",
                "lb.connections.queue=" + LENGTH,
                "lb.connections.queue-timeout=60s",
                "lb.pools.impatient.backends[0].url=" + backend.url(),
                "lb.pools.impatient.backends[0].max-in-flight=1",
                "lb.pools.impatient.connections.queue-timeout=300ms",
                "lb.pools.crowd.backends[0].url=" + backend.url(),
                "lb.pools.crowd.backends[0].max-in-flight=1",
                "lb.pools.crowd.connections.queue=" + CROWD,
                "spring.cloud.gateway.server.webflux.routes[0].id=impatient",
                "spring.cloud.gateway.server.webflux.routes[0].uri=lb://impatient",
                "spring.cloud.gateway.server.webflux.routes[0].predicates[0]=Path=/impatient/**",
                "spring.cloud.gateway.server.webflux.routes[1].id=crowd",
                "spring.cloud.gateway.server.webflux.routes[1].uri=lb://crowd",
                "spring.cloud.gateway.server.webflux.routes[1].predicates[0]=Path=/crowd/**",
                "spring.cloud.gateway.server.webflux.routes[2].id=all",
                "spring.cloud.gateway.server.webflux.routes[2].uri=lb://default",
                "spring.cloud.gateway.server.webflux.routes[2].predicates[0]=Path=/**");
    }

    private static String crowdMayWait(String time) {
        return "lb.pools.crowd.connections.queue-timeout: " + time;
    }

    @BeforeEach
    void count() {
        answers.drainPermits();
        before = backend.requests();
    }

    @AfterEach
    void nothingIsLeft() {
        velo.awaitIdle();
        for (String pool : List.of("default", "impatient", "crowd")) {
            assertThat(depth(pool)).as(pool).isZero();
        }
    }

    @AfterParameterizedClassInvocation
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
        await().until(() -> backend.requests() == before + 1);
        for (int i = 1; i <= LENGTH; i++) {
            clients.add(asking(velo, "/" + i));
            awaitDepth(i);
        }
        return clients;
    }

    /** How many have waited, and wait no more. */
    private long waits(String pool) {
        return velo.registry().find("lb.queue.wait").tag("pool", pool).timers().stream()
                .mapToLong(Timer::count)
                .sum();
    }

    /** The targets that the backend was asked for, in the order of their arrival. */
    private List<String> asked() {
        return backend.heads().stream()
                .skip(before)
                .map(head -> head.split(" ", 3)[1])
                .toList();
    }

    @Test
    void servesInOrderAndRefusesWhomItHasNoRoomFor() throws IOException {
        long waited = waits("default");
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
        assertThat(asked())
                .as("in order")
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(0, LENGTH).mapToObj(i -> "/" + i).toList());
        velo.awaitIdle();
        awaitDepth(0);
        assertThat(waits("default")).isEqualTo(waited + LENGTH);
        assertThat(velo.backend(backend).state()).isEqualTo(BackendState.UP);
    }

    @Test
    void forgetsThoseThatLeave() throws IOException {
        long left = velo.requests("aborted", "client_aborted");
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
        assertThat(backend.requests()).isEqualTo(before + 2);
        velo.awaitIdle();
        velo.awaitRequests("aborted", "client_aborted", left + LENGTH - 1);
    }

    @Test
    void refusesThoseThatHaveWaitedTooLong() throws IOException {
        long refused = velo.requests("failed", "connection_limit_reached");
        try (RawClient first = asking(velo, "/impatient/0")) {
            await().until(() -> backend.requests() == before + 1);
            try (RawClient second = asking(velo, "/impatient/1")) {
                assertThat(second.read().status()).isEqualTo(503);
            }
            assertThat(depth("impatient")).isZero();
            answers.release(2);
            assertThat(first.read().body()).isEqualTo("/impatient/0");
        }
        assertThat(RawClient.get(velo.port(), "/impatient/2").body()).isEqualTo("/impatient/2");
        velo.awaitIdle();
        velo.awaitRequests("failed", "connection_limit_reached", refused + 1);
    }

    @Test
    void keepsABodyBackUntilItsTurn() throws IOException {
        try (RawClient first = asking(velo, "/0")) {
            await().until(() -> backend.requests() == before + 1);
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

    /** Joins the line of the crowd one after the other: those who leave meanwhile are counted as having waited. */
    private void join(List<RawClient> crowd, int number) throws IOException {
        double joined = depth("crowd") + waits("crowd");
        for (int i = 1; i <= number; i++) {
            crowd.add(asking(velo, "/crowd/" + crowd.size()));
            double expected = joined + i;
            await().pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(2))
                    .until(() -> depth("crowd") + waits("crowd") == expected);
        }
    }

    private void letCrowdWait(String time) throws IOException {
        file.write(crowdMayWait(time));
        Reload reload = velo.context().getBean(Reloads.class).reload("test");
        assertThat(reload.result()).as(reload.toString()).isEqualTo(Reload.Result.APPLIED);
    }

    /**
     * First the patient, then those who may not wait long, then the patient again, of whom every third leaves: whoever is left
     * is served in order.
     */
    @Test
    void fiveHundredMayWaitAndNobodyLeavesATrace() throws IOException {
        long refused = velo.requests("failed", "connection_limit_reached");
        long aborted = velo.requests("aborted", "client_aborted");
        double waited = waits("crowd");
        long inMemory = LiveObjects.count(REQUESTS);
        List<RawClient> crowd = new ArrayList<>();
        crowd.add(asking(velo, "/crowd/0"));
        await().until(() -> backend.requests() == before + 1);
        join(crowd, 150);
        letCrowdWait("300ms");
        join(crowd, 150);
        letCrowdWait("10m");
        for (RawClient impatient : crowd.subList(151, 301)) {
            assertThat(impatient.read().status()).isEqualTo(503);
        }
        await().until(() -> depth("crowd") == 150 && waits("crowd") == waited + 150);
        join(crowd, 200);

        List<Integer> left = IntStream.rangeClosed(1, CROWD)
                .filter(i -> (i <= 150 || i > 300) && i % 3 == 0)
                .boxed()
                .toList();
        for (int i : left) {
            crowd.get(i).reset();
        }
        List<Integer> served = IntStream.rangeClosed(0, CROWD)
                .filter(i -> i <= 150 || i > 300)
                .boxed()
                .filter(i -> !left.contains(i))
                .toList();
        await().until(() -> depth("crowd") == served.size() - 1);
        assertThat(backend.requests()).isEqualTo(before + 1);
        answers.release(served.size());
        for (int i : served) {
            assertThat(crowd.get(i).read().body()).isEqualTo("/crowd/" + i);
        }

        assertThat(asked())
                .as("in order")
                .isEqualTo(served.stream().map(i -> "/crowd/" + i).toList());
        for (RawClient client : crowd) {
            client.close();
        }
        velo.awaitIdle();
        velo.awaitRequests("failed", "connection_limit_reached", refused + 150);
        velo.awaitRequests("aborted", "client_aborted", aborted + left.size());
        await().untilAsserted(() ->
                assertThat(LiveObjects.count(REQUESTS)).as("requests in memory").isLessThanOrEqualTo(inMemory));
    }
}
