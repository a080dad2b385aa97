package io.velo.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.velo.dashboard.Frame.BackendRow;
import io.velo.dashboard.Frame.PoolRow;
import io.velo.pool.Pools;
import io.velo.testing.TestPool;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SamplerTest {

    private final TestPool pool = TestPool.of("a", "b").build();
    private final MeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Past past = new Past(3);
    private final Happenings happenings = new Happenings(pool.clock());
    private final Sampler sampler = new Sampler(
            new Pools(List.of(pool.pool())),
            BesideTest.NOTHING,
            RequestTimers.of(registry),
            happenings,
            past,
            pool.clock()::nanos,
            pool.clock());

    @Test
    void makesRatesOfWhatHasChanged() {
        requests("success", "none", 100, 5);
        sample(true);
        requests("success", "none", 8, 5);
        requests("failed", "connection_refused", 2, 50);
        requests("server_error", "none", 2, 50);
        sample(true);

        PoolRow row = sampler.frame().pools().get(0);

        assertThat(row.figures().rate()).isEqualTo(6);
        assertThat(row.figures().failed()).isEqualTo(2);
        assertThat(row.figures().p50().orElseThrow()).isBetween(0.0, 10.0);
        assertThat(row.figures().p99().orElseThrow()).isBetween(10.0, 100.0);
        assertThat(row.reasons()).isEqualTo(Map.of("connection_refused", 2L, "server_error", 2L));
    }

    @Test
    void looksAtBackendsOnlyIfSomebodyWatches() {
        sample(false);
        attempts("a", 4);
        sample(false);
        assertThat(backend("a").figures()).isEqualTo(Figures.QUIET);

        sample(true);
        attempts("a", 4);
        sample(true);

        assertThat(backend("a").figures().rate()).isEqualTo(2);
        assertThat(backend("b").figures()).isEqualTo(Figures.QUIET);
    }

    @Test
    void showsStatesAsTheyAreNow() {
        sample(true);
        pool.miss("a", 1);

        assertThat(backend("a").state()).isEqualTo("down");
        assertThat(backend("a").why()).contains("probe missed: status 500");
        assertThat(sampler.frame().pools().get(0).eligible()).isEqualTo(1);
    }

    @Test
    void keepsAsMuchOfThePastAsIsShown() {
        for (int i = 0; i < 5; i++) {
            sample(false);
        }

        assertThat(past.series("test").at()).hasSize(3).isSorted();
    }

    private BackendRow backend(String id) {
        return sampler.frame().pools().get(0).backends().stream()
                .filter(row -> row.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private void sample(boolean watched) {
        pool.advance(Duration.ofSeconds(2));
        sampler.sample(watched);
    }

    private void requests(String outcome, String reason, int count, long millis) {
        record(Timer.builder("lb.requests").tags("pool", "test", "outcome", outcome, "reason", reason), count, millis);
    }

    private void attempts(String backend, int count) {
        record(
                Timer.builder("lb.backend.requests").tags("pool", "test", "backend", backend, "outcome", "success"),
                count,
                5);
    }

    private void record(Timer.Builder timer, int count, long millis) {
        Timer registered = timer.serviceLevelObjectives(Duration.ofMillis(10), Duration.ofMillis(100))
                .register(registry);
        for (int i = 0; i < count; i++) {
            registered.record(Duration.ofMillis(millis));
        }
    }
}
