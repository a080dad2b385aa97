package io.velo.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.velo.backend.Backend;
import io.velo.backend.BackendState;
import io.velo.backend.ProbeResult;
import io.velo.proxyprotocol.ProxyProtocol;
import io.velo.testing.FakeClock;
import io.velo.testing.TestPool;
import io.velo.tls.BackendTlsSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Mono;

/** Every 5 s, every second in doubt, 2 s at most; starts are in milliseconds. */
class ProbeLoopTest {

    private final TestPool test = TestPool.of("a", "b").build();
    private final FakeClock clock = test.clock();
    private final List<Long> starts = new ArrayList<>();

    @Nested
    class Pace {

        @Test
        void isTheIntervalFromStartToStart() {
            run("a", 0, answering(true, 0));

            clock.advance(Duration.ofSeconds(20));

            assertThat(starts).containsExactly(0L, 5000L, 10_000L, 15_000L, 20_000L);
        }

        @Test
        void beginsAfterTheDelay() {
            run("a", 300, answering(true, 0));

            clock.advance(Duration.ofMillis(299));
            assertThat(starts).isEmpty();
            clock.advance(Duration.ofSeconds(6));

            assertThat(starts).containsExactly(300L, 5300L);
        }

        @Test
        void isNotSlowedByTheTimeThatProbesTake() {
            run("a", 0, answering(true, 1900));

            clock.advance(Duration.ofSeconds(16));

            assertThat(starts).containsExactly(0L, 5000L, 10_000L, 15_000L);
        }

        @Test
        void isThatOfTheProbesWhenTheyTakeLonger() {
            AtomicInteger underWay = new AtomicInteger();
            AtomicInteger most = new AtomicInteger();
            Function<Backend, Mono<ProbeResult>> slow = answering(true, 7000);
            run("a", 0, backend -> {
                most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
                return slow.apply(backend).doFinally(end -> underWay.decrementAndGet());
            });

            clock.advance(Duration.ofSeconds(28));

            assertThat(starts).containsExactly(0L, 7000L, 14_000L, 21_000L, 28_000L);
            assertThat(most).as("never two at once").hasValue(1);
        }

        @Test
        void endsWithTheSubscription() {
            loop("a", answering(true, 0), () -> 0.5)
                    .results(Duration.ZERO)
                    .take(2)
                    .subscribe();

            clock.advance(Duration.ofMinutes(5));

            assertThat(starts).hasSize(2);
        }
    }

    @Nested
    class Doubt {

        @Test
        void quickensFromTheFirstMissUntilTheVerdict() {
            test.pass("a", 1);
            run("a", 0, answering(false, 0));

            clock.advance(Duration.ofSeconds(12));

            assertThat(starts)
                    .as("three misses, then the usual pace")
                    .containsExactly(0L, 1000L, 2000L, 7000L, 12_000L);
            assertThat(test.state("a")).isEqualTo(BackendState.DOWN);
        }

        @Test
        void quickensFromTheFirstPassOfABackendThatIsDown() {
            test.miss("a", 1);
            run("a", 0, answering(true, 0));

            clock.advance(Duration.ofSeconds(6));

            assertThat(starts).containsExactly(0L, 1000L, 6000L);
            assertThat(test.state("a")).isEqualTo(BackendState.UP);
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 4500", "0.25, 4750", "0.5, 5000", "0.75, 5250", "1, 5500"})
    void jitterStaysWithinItsShareOfTheInterval(double random, long pause) {
        test.pass("a", 1);
        start("a", 0, answering(true, 0), () -> random);

        clock.advance(Duration.ofMillis(5500));

        assertThat(starts.subList(0, 2)).containsExactly(0L, pause);
    }

    @Test
    @DisplayName("S1: a backend that is down is still probed and so comes back")
    void goesOnWhileTheBackendIsDown() {
        AtomicInteger probes = new AtomicInteger();
        run("a", 0, backend -> Mono.just(result(probes.incrementAndGet() > 10, 0)));

        clock.advance(Duration.ofSeconds(45));
        assertThat(test.state("a")).isEqualTo(BackendState.DOWN);
        clock.advance(Duration.ofSeconds(10));

        assertThat(test.state("a")).isEqualTo(BackendState.UP);
    }

    @Test
    @DisplayName("S1: a backend that is drained or ejected is still probed")
    void goesOnWhileTheBackendIsOutForOtherReasons() {
        test.pool().drain(test.backend("a"));
        test.fail("b", 3);
        run("a", 0, answering(true, 0));
        run("b", 0, answering(true, 0));

        clock.advance(Duration.ofSeconds(5));

        assertThat(starts).containsExactly(0L, 0L, 5000L, 5000L);
    }

    @Test
    @DisplayName("S2: a slow backend delays no other's probes")
    void isIndependentOfOtherLoops() {
        run("a", 0, backend -> Mono.never());
        run("b", 0, answering(true, 0));

        clock.advance(Duration.ofSeconds(15));

        assertThat(starts).containsExactly(0L, 5000L, 10_000L, 15_000L);
    }

    private void run(String id, long delayMillis, Function<Backend, Mono<ProbeResult>> probe) {
        start(id, delayMillis, probe, () -> 0.5);
    }

    private void start(String id, long delayMillis, Function<Backend, Mono<ProbeResult>> probe, DoubleSupplier random) {
        loop(id, probe, random).results(Duration.ofMillis(delayMillis)).subscribe(result -> test.pool()
                .probed(test.backend(id), result));
        clock.advance(Duration.ZERO);
    }

    private ProbeLoop loop(String id, Function<Backend, Mono<ProbeResult>> probe, DoubleSupplier random) {
        ProbeSettings settings = new ProbeSettings(
                true,
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
        return new ProbeLoop(test.backend(id), settings, probe, clock.timers(), random);
    }

    /** A probe that is answered after that time; each start is noted. */
    private Function<Backend, Mono<ProbeResult>> answering(boolean passed, long millis) {
        long zero = clock.nanos();
        return backend -> {
            starts.add((clock.nanos() - zero) / 1_000_000);
            ProbeResult result = result(passed, millis);
            return millis == 0
                    ? Mono.just(result)
                    : Mono.delay(Duration.ofMillis(millis), clock.timers()).thenReturn(result);
        };
    }

    private static ProbeResult result(boolean passed, long millis) {
        return new ProbeResult(passed, OptionalInt.empty(), "test", Duration.ofMillis(millis), Instant.EPOCH);
    }
}
