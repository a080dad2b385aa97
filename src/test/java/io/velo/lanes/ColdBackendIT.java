package io.velo.lanes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.velo.backend.BackendState;
import io.velo.change.BackendDraft;
import io.velo.change.Operations;
import io.velo.pool.Pools;
import io.velo.testing.RawBackend;
import io.velo.testing.RunningVelo;
import io.velo.testing.SteadyLoad;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/** A backend that is slow while it is cold joins a pool under load. */
class ColdBackendIT {

    private static final int CLIENTS = 6;
    private static final int REQUESTS = 2000;

    private final AtomicInteger served = new AtomicInteger();

    @ParameterizedTest
    @ValueSource(strings = {"roundrobin", "leastconnection"})
    void isNotFlooded(String strategy) throws Exception {
        DisposableServer cold = coldBackend();
        try (RawBackend one = RawBackend.saying("one");
                RawBackend two = RawBackend.saying("two");
                RunningVelo velo =
                        RunningVelo.unprobed(List.of(one, two), "lb.strategy=" + strategy, "lb.slow-start=1h");
                SteadyLoad load = SteadyLoad.on(velo.port(), CLIENTS)) {
            await().until(() -> load.answers() > 100);
            add(velo, cold.port());
            int before = load.answers();

            await().atMost(Duration.ofSeconds(30)).until(() -> load.answers() > before + REQUESTS);

            assertThat(velo.pool(Pools.DEFAULT).backend("cold").orElseThrow().state())
                    .isEqualTo(BackendState.WARMING);
            assertThat(served.get())
                    .as("of %s, with a tenth of one of three shares", REQUESTS)
                    .isBetween(1, REQUESTS / 10 + CLIENTS);
            assertThat(load.failures()).isEmpty();
        } finally {
            cold.disposeNow();
        }
    }

    /** Its first requests take long, as those of a JVM do that has compiled nothing yet. */
    private DisposableServer coldBackend() {
        return HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .handle((request, response) -> {
                    long millis = Math.max(0, 50 - served.incrementAndGet());
                    return response.sendString(
                            Mono.delay(Duration.ofMillis(millis)).map(late -> "cold"));
                })
                .bindNow();
    }

    private static void add(RunningVelo velo, int port) {
        BackendDraft draft = new BackendDraft(
                Optional.of("cold"),
                Optional.of("http://127.0.0.1:" + port),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        velo.context().getBean(Operations.class).add(Pools.DEFAULT, draft, OptionalLong.empty());
    }
}
