package io.velo.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.velo.pool.PerPool;
import io.velo.pool.Pools;
import io.velo.proxyprotocol.ProxyProtocol;
import io.velo.testing.TestPool;
import io.velo.tls.BackendTls;
import io.velo.tls.BackendTlsSettings;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;
import reactor.netty.http.HttpResources;

class ProberTest {

    private final Calendar calendar = new Calendar();

    @Test
    @DisplayName("S2: a thousand backends are probed side by side, yet without a burst")
    void spreadsTheFirstProbesOfAThousandBackends() {
        Prober prober = prober(1000, true);

        prober.start();

        Map<Long, Long> perTenMillis = calendar.delaysMillis.stream()
                .collect(Collectors.groupingBy(delay -> delay / 10, TreeMap::new, Collectors.counting()));
        assertThat(calendar.delaysMillis).as("one for each, planned at once").hasSize(1000);
        assertThat(perTenMillis.values()).as("first probes in any 10 ms").allMatch(count -> count <= 5);
        assertThat(calendar.delaysMillis)
                .as("the last one is due within an interval")
                .allMatch(delay -> delay < 5000);
    }

    @Test
    void startsNothingWhereProbingIsOff() {
        Prober prober = prober(3, false);

        prober.start();

        assertThat(calendar.delaysMillis).isEmpty();
        assertThat(prober.isRunning()).isFalse();
    }

    @Test
    void cancelsWhatIsPlannedWhenItStops() {
        Prober prober = prober(3, true);
        prober.start();
        assertThat(prober.isRunning()).isTrue();

        prober.stop();

        assertThat(calendar.planned).hasSize(3).allMatch(Disposable::isDisposed);
        assertThat(prober.isRunning()).isFalse();
    }

    @Test
    void canBeStartedAgain() {
        Prober prober = prober(3, true);
        prober.start();
        prober.stop();

        prober.start();

        assertThat(calendar.delaysMillis).hasSize(6);
        assertThat(prober.isRunning()).isTrue();
    }

    private Prober prober(int backends, boolean enabled) {
        TestPool test = TestPool.of(
                        IntStream.range(0, backends).mapToObj(i -> "b" + i).toArray(String[]::new))
                .build();
        ProbeSettings settings = new ProbeSettings(
                enabled,
                "/health",
                "GET",
                "",
                0,
                Duration.ofSeconds(5),
                Duration.ofSeconds(1),
                Duration.ofSeconds(2),
                StatusRanges.parse("2xx"),
                0.1,
                BackendTlsSettings.DEFAULT,
                Optional.empty(),
                ProxyProtocol.NONE);
        return new Prober(
                new Pools(List.of(test.pool())),
                new PerPool<>("probe settings", Map.of("test", settings)),
                new ProbeClient(
                        HttpResources.get(),
                        BackendTls.withoutBundles(),
                        System::nanoTime,
                        InstantSource.system(),
                        calendar),
                List.of(),
                calendar,
                () -> 0.5);
    }

    /** Timers that note what is planned and let no time pass. */
    private static final class Calendar implements Scheduler {

        private final List<Long> delaysMillis = new ArrayList<>();
        private final List<Disposable> planned = new ArrayList<>();

        @Override
        public Disposable schedule(Runnable task) {
            return schedule(task, 0, TimeUnit.MILLISECONDS);
        }

        @Override
        public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
            Disposable handle = Disposables.single();
            delaysMillis.add(unit.toMillis(delay));
            planned.add(handle);
            return handle;
        }

        @Override
        public Worker createWorker() {
            throw new UnsupportedOperationException("not needed");
        }
    }
}
