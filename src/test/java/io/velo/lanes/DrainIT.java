package io.velo.lanes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.velo.backend.Backend;
import io.velo.change.BackendDraft;
import io.velo.change.Edit;
import io.velo.change.Operations;
import io.velo.pool.Pools;
import io.velo.route.Lane;
import io.velo.testing.CapturedLog;
import io.velo.testing.RawBackend;
import io.velo.testing.RawClient;
import io.velo.testing.RunningVelo;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A backend leaves while clients download from it. */
@ParameterizedClass
@EnumSource(Lane.class)
class DrainIT {

    private static final int DOWNLOADS = 50;
    private static final String HALF = "x".repeat(10_000);

    private final Lane lane;
    private final CountDownLatch goOn = new CountDownLatch(1);
    private final RawBackend other = RawBackend.saying("other");
    private final List<RawClient> clients = new ArrayList<>();
    private RawBackend slow;
    private RunningVelo velo;

    DrainIT(Lane lane) {
        this.lane = lane;
    }

    @BeforeEach
    void start() {
        slow = RawBackend.doing(exchange -> {
            exchange.body();
            exchange.send("HTTP/1.1 200 OK\r\nContent-Length: 20000\r\n\r\n" + HALF);
            try {
                goOn.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            exchange.send(HALF);
        });
        velo = RunningVelo.with(
                lane,
                "lb.health.enabled=false",
                "lb.drain-timeout=1s",
                "lb.backends[0].id=slow",
                "lb.backends[0].url=" + slow.url());
    }

    @AfterEach
    void stop() throws IOException {
        goOn.countDown();
        for (RawClient client : clients) {
            client.close();
        }
        velo.close();
        slow.close();
        other.close();
    }

    @Test
    void letsAllDownloadsFinishAndThenItIsGone() throws IOException {
        begin(DOWNLOADS);
        try (CapturedLog log = CapturedLog.of("io.velo.state")) {
            drainFor(Duration.ZERO);
            addOther();
            for (int i = 0; i < 20; i++) {
                assertThat(RawClient.get(velo.port(), "/").body()).isEqualTo("other");
            }
            assertThat(slow.requests()).isEqualTo(DOWNLOADS);
            goOn.countDown();

            for (RawClient client : clients) {
                RawClient.Answer answer = client.read();
                assertThat(answer.whole()).isTrue();
                assertThat(answer.body()).hasSize(20_000);
            }
            await().untilAsserted(() ->
                    assertThat(log.lines()).anySatisfy(line -> assertThat(line).contains("backend drained", "slow")));
        }
        assertThat(operations().remove(Pools.DEFAULT, "slow", OptionalLong.empty()))
                .isInstanceOfSatisfying(
                        Edit.Done.class, done -> assertThat(done.backend()).isEmpty());
        await().untilAsserted(() -> assertThat(slow.connections()).isZero());
    }

    @Test
    void removesABackendOnceItsDownloadsHaveFinished() throws IOException {
        begin(DOWNLOADS);
        remove();
        goOn.countDown();

        for (RawClient client : clients) {
            assertThat(client.read().whole()).isTrue();
        }
        await().untilAsserted(
                        () -> assertThat(velo.pool(Pools.DEFAULT).leaving()).isEmpty());
    }

    @Test
    void cutsWhatTakesLongerThanItMay() throws IOException {
        begin(3);
        Backend backend = velo.pool(Pools.DEFAULT).backend("slow").orElseThrow();
        remove();

        for (RawClient client : clients) {
            assertThat(client.read().whole()).isFalse();
        }
        await().untilAsserted(
                        () -> assertThat(velo.pool(Pools.DEFAULT).leaving()).isEmpty());
        assertThat(backend.inFlight()).isZero();
        goOn.countDown(); // only now does the backend look at its connections
        await().untilAsserted(() -> assertThat(slow.connections()).isZero());
    }

    private void remove() {
        operations().remove(Pools.DEFAULT, "slow", OptionalLong.empty());
    }

    private void drainFor(Duration most) {
        operations().drain(Pools.DEFAULT, "slow", Optional.of(most), OptionalLong.empty());
    }

    private void addOther() {
        assertThat(operations()
                        .add(
                                Pools.DEFAULT,
                                new BackendDraft(
                                        Optional.of("other"),
                                        Optional.of(other.url()),
                                        Optional.empty(),
                                        Optional.empty(),
                                        Optional.empty(),
                                        Optional.empty()),
                                OptionalLong.empty()))
                .isInstanceOf(Edit.Done.class);
    }

    private Operations operations() {
        return velo.context().getBean(Operations.class);
    }

    private void begin(int downloads) throws IOException {
        for (int i = 0; i < downloads; i++) {
            clients.add(RawClient.to(velo.port()).send("GET /" + i + " HTTP/1.1\r\nHost: velo.test\r\n\r\n"));
        }
        await().untilAsserted(() -> assertThat(velo.inFlight()).isEqualTo(downloads));
        await().untilAsserted(() -> assertThat(slow.requests()).isEqualTo(downloads));
    }
}
