package io.velo.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.velo.backend.BackendState;
import io.velo.backend.Breaker;
import io.velo.backend.Reason;
import io.velo.breaker.CircuitSettings.RateRule;
import io.velo.breaker.TestBreakers;
import io.velo.testing.TestPool;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class EjectionTest {

    private static final Duration OPEN = Duration.ofSeconds(10);

    private final TestPool test = TestPool.of("a", "b").build();

    @Test
    void takesABackendOutAndSaysWhyAndForHowLong() {
        test.fail("a", 3);

        assertThat(test.state("a")).isEqualTo(BackendState.EJECTED);
        assertThat(test.backend("a").standing().cause()).isEqualTo("3 failures in a row, for 10 s");
        assertThat(test.backend("a").lastEjection()).contains(new Breaker.Ejection(1, OPEN, "3 failures in a row"));
        assertThat(test.pool().eligible()).isEqualTo(1);
    }

    @Test
    @DisplayName("S5: a backend that answers 503 is ejected")
    void countsAnswersThatBlameTheBackend() {
        for (int i = 0; i < 3; i++) {
            test.answer("a", 503);
        }

        assertThat(test.state("a")).isEqualTo(BackendState.EJECTED);
    }

    @Test
    void isNotForErrorsOfClientsOrTheApplication() {
        for (int i = 0; i < 10; i++) {
            test.answer("a", 404);
            test.answer("a", 500);
            test.lease("a").abort(Reason.CLIENT_ABORTED);
        }

        assertThat(test.state("a")).isEqualTo(BackendState.UP);
    }

    @Test
    @DisplayName("S5: a backend that fails nine times of ten is ejected by the rate rule")
    void knowsAShareOfFailures() {
        TestPool rated = TestPool.of("a", "b")
                .circuit(TestBreakers.settings(100, 1, new RateRule(10, 0.5, Duration.ZERO)))
                .build();

        rated.answer("a", 200);
        rated.fail("a", 9);

        assertThat(rated.state("a")).isEqualTo(BackendState.EJECTED);
    }

    @Nested
    class WhenItsTimeIsOver {

        @Test
        void isFollowedByATrial() {
            test.fail("a", 3);

            test.advance(OPEN.minusMillis(1));
            assertThat(test.state("a")).isEqualTo(BackendState.EJECTED);
            test.advance(Duration.ofMillis(1));

            assertThat(test.state("a")).isEqualTo(BackendState.TRIAL);
        }

        @Test
        void isUndoneByATrialThatPasses() {
            test.fail("a", 3);
            test.advance(OPEN);

            test.answer("a", 200);

            assertThat(test.state("a")).isEqualTo(BackendState.UP);
            assertThat(test.backend("a").lastEjection()).isEmpty();
            assertThat(test.serve(4)).containsOnly("a", "b").contains("a");
        }

        @Test
        void isRepeatedForTwiceTheTimeByATrialThatFails() {
            test.fail("a", 3);
            test.advance(OPEN);

            test.fail("a", 1);

            assertThat(test.backend("a").standing().cause()).isEqualTo("trial failed, for 20 s");
            test.advance(OPEN.multipliedBy(2).minusMillis(1));
            assertThat(test.state("a")).isEqualTo(BackendState.EJECTED);
            test.advance(Duration.ofMillis(1));
            assertThat(test.state("a")).isEqualTo(BackendState.TRIAL);
        }

        @Test
        void isNotJudgedByRequestsFromBefore() {
            Lease early = test.lease("a");
            test.fail("a", 3);
            test.advance(OPEN);

            early.headArrived(200);
            early.complete();

            assertThat(test.state("a")).isEqualTo(BackendState.TRIAL);
        }
    }

    @Nested
    class Probes {

        @Test
        void thatPassDontCancelIt() {
            test.fail("a", 3);

            test.pass("a", 10);

            assertThat(test.state("a")).isEqualTo(BackendState.EJECTED);
        }

        @Test
        void thatMissAndPassAgainDontShortenIt() {
            test.fail("a", 3);
            test.miss("a", 3);
            assertThat(test.state("a")).isEqualTo(BackendState.DOWN);
            test.advance(OPEN.minusMillis(1));

            test.pass("a", 2);

            assertThat(test.state("a")).isEqualTo(BackendState.EJECTED);
            test.advance(Duration.ofMillis(1));
            assertThat(test.state("a")).isEqualTo(BackendState.TRIAL);
        }

        @Test
        void thatLetItGoSayWhatStillHoldsItBack() {
            test.fail("a", 3);
            test.miss("a", 3);
            test.pass("a", 2);

            assertThat(test.backend("a").standing().cause())
                    .isEqualTo("probe passed: status 200, but ejected before: 3 failures in a row");
        }

        @Test
        void thatMissOutlastIt() {
            test.fail("a", 3);
            test.miss("a", 3);
            test.advance(OPEN.multipliedBy(2));
            assertThat(test.state("a")).isEqualTo(BackendState.DOWN);

            test.pass("a", 2);

            assertThat(test.state("a")).as("it has yet to stand its trial").isEqualTo(BackendState.TRIAL);
        }
    }

    /** Between the trial's success and the readmission others may pass and report a success as well. */
    @Test
    void isNotOrderedByASecondSuccessThatComesWithTheTrials() {
        AtomicReference<TestPool> pool = new AtomicReference<>();
        AtomicReference<String> second = new AtomicReference<>("");
        pool.set(TestPool.of("a", "b")
                .outcomes((backend, outcome) -> {
                    if (second.compareAndSet("due", "done")) {
                        pool.get().answer("a", 200);
                    }
                })
                .build());
        pool.get().fail("a", 3);
        pool.get().advance(OPEN);
        second.set("due");

        pool.get().answer("a", 200);

        assertThat(second).hasValue("done");
        assertThat(pool.get().state("a")).isEqualTo(BackendState.UP);
    }
}
