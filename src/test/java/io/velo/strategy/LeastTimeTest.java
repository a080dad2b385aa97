package io.velo.strategy;

import static io.velo.testing.Backends.candidate;
import static org.assertj.core.api.Assertions.assertThat;

import io.velo.backend.Backend;
import io.velo.backend.BackendState;
import io.velo.backend.Feedback;
import io.velo.backend.Outcome;
import io.velo.backend.Reason;
import io.velo.pool.Lease;
import io.velo.pool.PoolSpec;
import io.velo.testing.Backends;
import io.velo.testing.FakeClock;
import io.velo.testing.Picks;
import io.velo.testing.TestPool;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;

class LeastTimeTest {

    private static final long MILLI = 1_000_000;

    private final FakeClock clock = new FakeClock();
    private final IntUnaryOperator random = new SplittableRandom(7)::nextInt;
    private final LeastTime strategy = new LeastTime(new StrategyContext(random, clock::nanos, HashRule.DEFAULT));
    private final Candidate a = candidate("a", 1, 0);
    private final Candidate b = candidate("b", 1, 0);

    @Test
    void takesTheFasterOneOfTwo() {
        Picker picker = strategy.pickerFor(List.of(a, b));
        answer(a, 50);
        answer(b, 10);

        assertThat(Picks.next(50, picker)).containsOnly("b");
    }

    @Test
    void takesTheSlowerOneWhenTheFasterOneHasMoreToDo() {
        Picker picker = strategy.pickerFor(List.of(a, b));
        answer(a, 50);
        answer(b, 10);
        Backends.occupy(b.backend(), 5);

        assertThat(Picks.next(50, picker)).as("50 × 1 against 10 × 6").containsOnly("a");
    }

    @Test
    void reckonsPerWeight() {
        Candidate heavy = candidate("c", 10, 0);
        Picker picker = strategy.pickerFor(List.of(a, heavy));
        answer(a, 10);
        answer(heavy, 50);

        assertThat(Picks.next(50, picker)).as("10 against 50 ÷ 10").containsOnly("c");
    }

    @Test
    void triesOneThatHasNeverAnsweredAtOnceButByOneRequestAtATime() {
        Picker picker = strategy.pickerFor(List.of(a, b));
        answer(a, 50);

        assertThat(Picks.next(50, picker)).containsOnly("b");
        Backends.occupy(b.backend(), 1);

        assertThat(Picks.next(50, picker)).containsOnly("a");
    }

    @Test
    void triesASlowOneAgainAfterAWhile() {
        Picker picker = strategy.pickerFor(List.of(a, b));
        answer(a, 1000);
        answer(b, 10);
        clock.advance(Duration.ofSeconds(50));
        answer(b, 10);

        assertThat(Picks.next(50, picker))
                .as("1000 ms ÷ e^5 is less than 10 ms")
                .containsOnly("a");
    }

    @Test
    void remembersWhatItKnowsWhenTheCandidatesChange() {
        strategy.pickerFor(List.of(a, b));
        answer(a, 50);
        answer(b, 10);
        strategy.pickerFor(List.of(a));

        assertThat(Picks.next(50, strategy.pickerFor(List.of(a, b)))).containsOnly("b");
    }

    @Test
    void learnsFromRequestsThatBeganBeforeTheCandidatesChanged() {
        strategy.pickerFor(List.of(a, b));
        Feedback begun = a.backend().feedback();
        answer(b, 10);
        strategy.pickerFor(List.of(b));
        Picker picker = strategy.pickerFor(List.of(a, b));

        begun.answered(200, 50 * MILLI);

        assertThat(Picks.next(50, picker)).containsOnly("b");
    }

    @Test
    void learnsFromTheLeasesOfAPool() {
        TestPool test = TestPool.of("a", "b")
                .strategy(StrategyFactory.leastTime())
                .randomBelow(random)
                .build();
        for (int i = 0; i < 100; i++) {
            Lease lease = (Lease) test.acquire();
            test.advance(Duration.ofMillis(lease.backend().id().equals("a") ? 40 : 4));
            lease.headArrived(200);
            lease.complete();
        }

        List<String> served = test.serve(100);

        assertThat(Collections.frequency(served, "b")).isEqualTo(100);
        assertThat(test.backend("a").inFlight() + test.backend("b").inFlight()).isZero();
    }

    @Test
    void triesOneAtOnceThatHasToShowItsWorthAfterAnEjection() {
        TestPool test = TestPool.of("a", "b")
                .strategy(StrategyFactory.leastTime())
                .randomBelow(random)
                .build();
        for (int i = 0; i < 3; i++) {
            Lease lease = test.lease("a");
            test.advance(Duration.ofMinutes(1));
            lease.fail(Reason.HTTP_RESPONSE_TIMEOUT);
        }
        test.answer("b", 200);
        test.advance(Duration.ofSeconds(10));
        assertThat(test.state("a")).isEqualTo(BackendState.TRIAL);

        assertThat(test.serve(1)).containsExactly("a");
        assertThat(test.state("a")).isEqualTo(BackendState.UP);
    }

    @Test
    void isNotToldAnyMoreOnceThePoolHasAnotherStrategy() {
        TestPool test = TestPool.of("a").strategy(StrategyFactory.leastTime()).build();
        assertThat(test.backend("a").feedback()).isInstanceOf(PeakEwma.class);

        PoolSpec spec = test.pool().spec();
        test.become(new PoolSpec(
                "test",
                "leastconnection",
                spec.backends(),
                spec.probed(),
                spec.thresholds(),
                spec.maxEjected(),
                spec.panicThreshold(),
                spec.slowStart(),
                spec.drainTimeout()));

        assertThat(test.backend("a").feedback()).isSameAs(Feedback.NONE);
    }

    private static void answer(Candidate candidate, long millis) {
        Backend backend = candidate.backend();
        backend.feedback().began();
        backend.feedback().answered(200, millis * MILLI);
        backend.feedback().ended(new Outcome.Answered(200, millis * MILLI, millis * MILLI));
    }
}
