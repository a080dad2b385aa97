package io.velo.breaker;

import static org.assertj.core.api.Assertions.assertThat;

import io.velo.backend.Breaker;
import io.velo.backend.Breaker.Verdict;
import io.velo.backend.Outcome;
import io.velo.backend.Reason;
import io.velo.breaker.CircuitSettings.RateRule;
import io.velo.testing.FakeClock;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When a closed breaker asks for an ejection. */
class BackendBreakerTest {

    private static final Outcome FAILED = new Outcome.Failed(Reason.CONNECTION_REFUSED, 1000);
    private static final Outcome ABORTED = new Outcome.Aborted(Reason.CLIENT_ABORTED, 1000);

    private final FakeClock clock = new FakeClock();

    @Nested
    class FailuresInARow {

        private final Breaker breaker = breaker(3, RateRule.OFF);

        @Test
        void tripItWhenThereAreAsManyAsTheThreshold() {
            assertThat(verdicts(FAILED, FAILED, FAILED)).containsExactly(Verdict.STAY, Verdict.STAY, Verdict.TRIP);
        }

        @Test
        void startAgainAfterASuccess() {
            assertThat(verdicts(FAILED, FAILED, answered(200), FAILED, FAILED)).containsOnly(Verdict.STAY);
            assertThat(verdicts(FAILED)).containsExactly(Verdict.TRIP);
        }

        @Test
        void areNeitherBrokenNorAddedToByAnAbort() {
            assertThat(verdicts(FAILED, ABORTED, FAILED, ABORTED)).containsOnly(Verdict.STAY);
            assertThat(verdicts(FAILED)).containsExactly(Verdict.TRIP);
        }

        @Test
        void areForgottenWhenItIsClosed() {
            verdicts(FAILED, FAILED);
            breaker.close();

            assertThat(verdicts(FAILED, FAILED, FAILED)).containsExactly(Verdict.STAY, Verdict.STAY, Verdict.TRIP);
        }

        @Test
        void tripItAgainAndAgainUntilSomebodyDecides() {
            verdicts(FAILED, FAILED, FAILED);

            assertThat(verdicts(FAILED)).containsExactly(Verdict.TRIP);
        }

        @Test
        void areNamedAsTheCause() {
            verdicts(FAILED, FAILED, FAILED);

            assertThat(breaker.open(() -> {}).cause()).isEqualTo("3 failures in a row");
        }

        @Test
        void dontHoldUpRequestsWhileItIsClosed() {
            verdicts(FAILED, FAILED, FAILED);

            assertThat(breaker.tryAcquire()).isNotEqualTo(Breaker.REFUSED);
        }

        @ParameterizedTest
        @ValueSource(ints = {502, 503, 504})
        @DisplayName("S5: answers that blame the backend are failures")
        void countAnswersOfTheListedStatuses(int status) {
            assertThat(verdicts(answered(status), answered(status), answered(status)))
                    .endsWith(Verdict.TRIP);
        }

        @ParameterizedTest
        @ValueSource(ints = {200, 301, 404, 429, 500, 501})
        void dontCountAnswersOfOtherStatuses(int status) {
            assertThat(verdicts(answered(status), answered(status), answered(status), answered(status)))
                    .containsOnly(Verdict.STAY);
        }

        private Verdict[] verdicts(Outcome... outcomes) {
            return Verdicts.of(breaker, outcomes);
        }
    }

    @Test
    void aThresholdOfOneTripsAtTheFirstFailure() {
        Breaker breaker = breaker(1, RateRule.OFF);

        assertThat(Verdicts.of(breaker, answered(200), FAILED)).containsExactly(Verdict.STAY, Verdict.TRIP);
    }

    @Nested
    @DisplayName("S5: a backend that fails often but not always is ejected")
    class TheRateRule {

        private final Breaker breaker = breaker(100, new RateRule(10, 0.5, Duration.ofSeconds(1)));

        @Test
        void tripsAtTheShareOfFailuresOnceTheWindowIsFull() {
            for (int i = 0; i < 4; i++) {
                assertThat(Verdicts.of(breaker, FAILED, answered(200))).containsOnly(Verdict.STAY);
            }

            assertThat(Verdicts.of(breaker, answered(200), FAILED)).containsExactly(Verdict.STAY, Verdict.TRIP);
            assertThat(breaker.open(() -> {}).cause()).isEqualTo("of 10 requests 5 failed and 0 were slow");
        }

        @Test
        void toleratesAShareBelow() {
            for (int round = 0; round < 10; round++) {
                assertThat(Verdicts.of(breaker, answered(200), FAILED, answered(200), FAILED, answered(200)))
                        .containsOnly(Verdict.STAY);
            }
        }

        @Test
        void looksAtTheLatestRequestsOnly() {
            for (int i = 0; i < 100; i++) {
                Verdicts.of(breaker, answered(200));
            }

            assertThat(Verdicts.of(breaker, FAILED, FAILED, FAILED, FAILED, FAILED))
                    .containsExactly(Verdict.STAY, Verdict.STAY, Verdict.STAY, Verdict.STAY, Verdict.TRIP);
        }

        @Test
        void doesNotCountAborts() {
            for (int i = 0; i < 50; i++) {
                assertThat(Verdicts.of(breaker, ABORTED)).containsExactly(Verdict.STAY);
            }

            assertThat(Verdicts.of(breaker, FAILED)).containsExactly(Verdict.STAY);
        }

        @Test
        void tripsAtTheShareOfSlowAnswersToo() {
            Outcome slow = new Outcome.Answered(200, Duration.ofSeconds(1).toNanos() + 1, 1);
            Outcome quick = new Outcome.Answered(200, Duration.ofSeconds(1).toNanos(), 1);

            for (int i = 0; i < 4; i++) {
                assertThat(Verdicts.of(breaker, slow, quick)).containsOnly(Verdict.STAY);
            }
            assertThat(Verdicts.of(breaker, quick, slow)).containsExactly(Verdict.STAY, Verdict.TRIP);
            assertThat(breaker.open(() -> {}).cause()).isEqualTo("of 10 requests 0 failed and 5 were slow");
        }

        @Test
        void leavesTheRuleOfFailuresInARowInForce() {
            Breaker both = breaker(3, new RateRule(10, 0.5, Duration.ofSeconds(0)));

            assertThat(Verdicts.of(both, FAILED, FAILED, FAILED)).endsWith(Verdict.TRIP);
        }

        @Test
        void knowsNoSlowAnswersWithoutALimit() {
            Breaker patient = breaker(100, new RateRule(2, 0.5, Duration.ofSeconds(0)));
            Outcome anHour = new Outcome.Answered(200, Duration.ofSeconds(3600).toNanos(), 1);

            assertThat(Verdicts.of(patient, anHour, anHour, anHour)).containsOnly(Verdict.STAY);
        }
    }

    private Breaker breaker(int failureThreshold, RateRule rate) {
        return TestBreakers.factory("test", TestBreakers.settings(failureThreshold, 1, rate), clock.timers())
                .create("test", "a");
    }

    private static Outcome answered(int status) {
        return new Outcome.Answered(status, 1000, 500);
    }
}
