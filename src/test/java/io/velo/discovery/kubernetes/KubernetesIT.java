package io.velo.discovery.kubernetes;

import static io.velo.discovery.kubernetes.Slices.pod;
import static io.velo.discovery.kubernetes.Slices.ready;
import static io.velo.discovery.kubernetes.Slices.slice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.velo.backend.Backend;
import io.velo.backend.BackendState;
import io.velo.change.Operations;
import io.velo.change.Searches;
import io.velo.testing.CapturedLog;
import io.velo.testing.RawBackend;
import io.velo.testing.RawClient;
import io.velo.testing.RunningVelo;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Velo in front of a Service. Each of its Pods has a slice of its own here, because they have but one address. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KubernetesIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final List<String> ACCESS =
            List.of("kubernetes.master", "kubernetes.namespace", "kubernetes.auth.tryKubeConfig");

    private final CountDownLatch goOn = new CountDownLatch(1);
    private final ApiServer api = ApiServer.start();
    private final RawBackend a = RawBackend.doing(exchange -> {
        if (exchange.target().equals("/slow")) {
            try {
                goOn.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
        exchange.answer(200, "a");
    });
    private final RawBackend b = RawBackend.saying("b");
    private RunningVelo velo;

    @BeforeAll
    void start() {
        System.setProperty("kubernetes.master", api.url());
        System.setProperty("kubernetes.namespace", "prod");
        System.setProperty("kubernetes.auth.tryKubeConfig", "false");
        api.put(of("a", a, true, false)).put(of("b", b, true, false));
        velo = RunningVelo.with(
                "lb.health.enabled=false",
                "lb.discovery.timeout=2s",
                "lb.discovery.min-refresh=50ms",
                "lb.backends=kubernetes:///shop:http");
    }

    @AfterAll
    void stop() throws IOException {
        velo.awaitIdle();
        velo.close();
        api.close();
        a.close();
        b.close();
        ACCESS.forEach(System::clearProperty);
    }

    private static EndpointSlice of(String name, RawBackend backend, boolean ready, boolean terminating) {
        return slice(name, backend.port(), pod(name, "127.0.0.1", ready, terminating));
    }

    @BeforeEach
    void beginWithTwo() {
        api.put(of("a", a, true, false)).put(of("b", b, true, false));
        awaitState("a", a, BackendState.UP);
        awaitState("b", b, BackendState.UP);
        await().atMost(PATIENCE).until(() -> api.watches() > 0);
    }

    private Backend backend(String name, RawBackend backend) {
        return velo.pool("default").backend(name + ":" + backend.port()).orElseThrow();
    }

    private void awaitState(String name, RawBackend backend, BackendState state) {
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> backend(name, backend).state() == state);
    }

    private Set<String> answers() throws IOException {
        Set<String> answers = new HashSet<>();
        for (int i = 0; i < 10; i++) {
            answers.add(RawClient.get(velo.port(), "/").body());
        }
        return answers;
    }

    private Searches.Status status() {
        return velo.context().getBean(Searches.class).of("default").get(0);
    }

    private double success() {
        return velo.registry().get("lb.discovery.success").gauge().value();
    }

    @Test
    void sendsNothingToOneThatIsNotReadyAndSaysWhy() throws IOException {
        assertThat(answers()).containsExactlyInAnyOrder("a", "b");
        assertThat(backend("a", a).spec().zone()).isEqualTo("a");
        Backend before = backend("a", a);
        long version = version();

        api.put(of("a", a, false, false));
        awaitState("a", a, BackendState.DOWN);

        assertThat(answers()).containsExactly("b");
        assertThat(RawClient.get(velo.port(), "/actuator/pools/default").body())
                .contains("\"reason\":\"who found it says that it isn't ready\"")
                .contains("\"discovery\":[{\"place\":\"kubernetes:///shop:http\",\"backends\":2,");
        assertThat(version()).as("nothing is configured otherwise").isEqualTo(version);
        api.put(of("a", a, true, false));
        awaitState("a", a, BackendState.UP);
        assertThat(backend("a", a)).isSameAs(before);
    }

    private long version() {
        return velo.context().getBean(Operations.class).version("default").orElseThrow();
    }

    @Test
    void letsOneThatEndsFinishWhatItHas() throws IOException {
        Backend ending = backend("a", a);
        try (RawClient one = RawClient.to(velo.port()).send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
                RawClient other = RawClient.to(velo.port()).send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n")) {
            await().atMost(PATIENCE).until(() -> ending.inFlight() == 1);

            api.put(of("a", a, true, true));
            awaitState("a", a, BackendState.DRAINING);
            assertThat(answers()).containsExactly("b");
            assertThat(RawClient.get(velo.port(), "/actuator/pools/default").body())
                    .contains("\"reason\":\"who found it says that it is about to end\"");
            api.delete("a");
            await().atMost(PATIENCE).until(() -> velo.pool("default").backends().size() == 1);
            assertThat(velo.pool("default").leaving()).containsExactly(ending);
            goOn.countDown();

            assertThat(Set.of(one.read().body(), other.read().body())).containsExactlyInAnyOrder("a", "b");
        }
        await().atMost(PATIENCE).until(() -> velo.pool("default").leaving().isEmpty());
    }

    @Test
    void keepsAllWhenTheApiServerIsLostAndSaysSoOnce() throws IOException {
        try (CapturedLog log = CapturedLog.of("io.velo.discovery")) {
            api.goes();
            await().atMost(PATIENCE).until(() -> success() == 0);

            assertThat(answers()).containsExactlyInAnyOrder("a", "b");
            assertThat(status().backends()).isEqualTo(2);
            assertThat(status().problem().orElse(""))
                    .startsWith("the API server ")
                    .contains("service prod/shop");
            api.comesBack();
            await().atMost(PATIENCE).until(() -> success() == 1);

            assertThat(log.lines())
                    .extracting(line -> line.replaceAll(" \\[.*", ""))
                    .containsExactly(
                            "WARN backends can't be found, those found last stay", "INFO backends are found again");
        }
    }

    @Test
    void hasNobodyToAskWhenTheServiceHasNoEndpoints() throws IOException {
        api.delete("a");
        api.delete("b");
        await().atMost(PATIENCE).until(() -> velo.pool("default").backends().isEmpty());

        assertThat(RawClient.get(velo.port(), "/").status()).isEqualTo(503);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(status().problem()).hasValue("service prod/shop has no endpoints"));
        api.put(slice("b", b.port(), ready("b", "127.0.0.1")));
        awaitState("b", b, BackendState.UP);
        assertThat(answers()).containsExactly("b");
    }
}
