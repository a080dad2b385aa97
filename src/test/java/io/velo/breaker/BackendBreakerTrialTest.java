package io.velo.breaker;

import static io.velo.breaker.Verdicts.permit;
import static org.assertj.core.api.Assertions.assertThat;

import io.velo.backend.Breaker;
import io.velo.backend.Breaker.Verdict;
import io.velo.backend.Outcome;
import io.velo.backend.Reason;
import io.velo.breaker.CircuitSettings.RateRule;
import io.velo.testing.FakeClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** An open breaker and what comes after. */
class BackendBreakerTrialTest {

    private static final Outcome FAILED = new Outcome.Failed(Reason.CONNECTION_REFUSED, 1000);
    private static final Outcome ABORTED = new Outcome.Aborted(Reason.CLIENT_ABORTED, 1000);
    private static final Outcome OK = new Outcome.Answered(200, 1000, 500);
    private static final Duration OPEN = Duration.ofSeconds(10);

    private final FakeClock clock = new FakeClock();
    private final AtomicInteger over = new AtomicInteger();

    @Nested
    class WhileOpen {

        private final Breaker breaker = breaker(1);

        @Test
        void refusesEveryRequestUntilTheTimeIsOver() {
            breaker.open(over::incrementAndGet);

            clock.advance(OPEN.minusMillis(1));

            assertThat(breaker.tryAcquire()).isEqualTo(Breaker.REFUSED);
            assertThat(over).hasValue(0);
        }

        @Test
        void goesHalfOpenAndSaysSoOnceWhenTheTimeIsOver() {
            breaker.open(over::incrementAndGet);

            clock.advance(OPEN);
            clock.advance(OPEN);

            assertThat(over).hasValue(1);
            assertThat(breaker.tryAcquire()).isNotEqualTo(Breaker.REFUSED);
        }

        @Test
        void takesNoNoticeOfRequestsFromBefore() {
            long earlier = permit(breaker);
            breaker.open(over::incrementAndGet);

            assertThat(breaker.record(earlier, OK)).isEqualTo(Verdict.STAY);
            assertThat(breaker.tryAcquire()).isEqualTo(Breaker.REFUSED);
        }
    }

    @Nested
    class TheOpenTime {

        private final Breaker breaker = breaker(1);

        @Test
        void growsWithEachEjectionInARowUpToFiveMinutes() {
            List<Long> seconds = new ArrayList<>();
            for (int i = 0; i < 32; i++) {
                seconds.add(ejectAndWait(breaker).time().toSeconds());
            }

            assertThat(seconds).startsWith(10L, 20L, 30L, 40L);
            assertThat(seconds.subList(28, 32)).containsExactly(290L, 300L, 300L, 300L);
        }

        @Test
        void isCountedAndKept() {
            ejectAndWait(breaker);
            Breaker.Ejection second = breaker.open(over::incrementAndGet);

            clock.advance(OPEN.multipliedBy(2).minusMillis(1));
            assertThat(breaker.tryAcquire()).isEqualTo(Breaker.REFUSED);
            clock.advance(Duration.ofMillis(1));

            assertThat(second.inARow()).isEqualTo(2);
            assertThat(breaker.tryAcquire()).isNotEqualTo(Breaker.REFUSED);
        }

        @Test
        void isShortAgainAfterAReadmission() {
            ejectAndWait(breaker);
            ejectAndWait(breaker);
            breaker.close();

            assertThat(breaker.open(over::incrementAndGet))
                    .extracting(Breaker.Ejection::inARow, Breaker.Ejection::time)
                    .containsExactly(1, OPEN);
        }

        @Test
        void isNotCutWhenTheConfiguredOneIsLongerThanTheCap() {
            CircuitSettings settings = new CircuitSettings(3, Duration.ofMinutes(10), 1, Set.of(503), RateRule.OFF);

            assertThat(settings.ejectionTime(1)).isEqualTo(Duration.ofMinutes(10));
        }

        private Breaker.Ejection ejectAndWait(Breaker breaker) {
            Breaker.Ejection ejection = breaker.open(over::incrementAndGet);
            clock.advance(ejection.time());
            return ejection;
        }
    }

    @Nested
    @DisplayName("S6: half-open lets through as many as permitted")
    class OneTrial {

        private final Breaker breaker = halfOpen(1);

        @Test
        void isTheOnlyRequestLetThrough() {
            permit(breaker);

            assertThat(breaker.tryAcquire()).isEqualTo(Breaker.REFUSED);
        }

        @Test
        void recoversWhenItGoesWell() {
            assertThat(Verdicts.of(breaker, OK)).containsExactly(Verdict.RECOVER);
        }

        @Test
        void tripsWhenItFails() {
            assertThat(Verdicts.of(breaker, FAILED)).containsExactly(Verdict.TRIP);
            assertThat(breaker.open(over::incrementAndGet).cause()).isEqualTo("trial failed");
        }

        @Test
        void isGivenToAnotherWhenItsClientLeaves() {
            assertThat(Verdicts.of(breaker, ABORTED)).containsExactly(Verdict.STAY);

            assertThat(Verdicts.of(breaker, OK)).containsExactly(Verdict.RECOVER);
        }

        @Test
        void mayBeAbortedAnyNumberOfTimes() {
            for (int i = 0; i < 20; i++) {
                assertThat(Verdicts.of(breaker, ABORTED)).containsExactly(Verdict.STAY);
            }
            permit(breaker);

            assertThat(breaker.tryAcquire()).isEqualTo(Breaker.REFUSED);
        }
    }

    @Nested
    @DisplayName("S6: half-open lets through as many as permitted")
    class ThreeTrials {

        private final Breaker breaker = halfOpen(3);

        @Test
        void areLetThroughAtOnceAndNoFourth() {
            permit(breaker);
            permit(breaker);
            permit(breaker);

            assertThat(breaker.tryAcquire()).isEqualTo(Breaker.REFUSED);
        }

        @Test
        void recoverWhenAllWentWell() {
            assertThat(Verdicts.of(breaker, OK, OK, OK)).containsExactly(Verdict.STAY, Verdict.STAY, Verdict.RECOVER);
        }

        @Test
        void tripAtTheFirstFailure() {
            assertThat(Verdicts.of(breaker, OK, FAILED)).containsExactly(Verdict.STAY, Verdict.TRIP);
        }
    }

    @Nested
    class ALateOutcomeFromBeforeTheEjection {

        private final Breaker breaker = breaker(1);
        private final long late = permit(breaker);

        @Test
        void doesNotRecoverATrial() {
            eject();

            assertThat(breaker.record(late, OK)).isEqualTo(Verdict.STAY);
            assertThat(Verdicts.of(breaker, FAILED)).containsExactly(Verdict.TRIP);
        }

        @Test
        void doesNotFailATrial() {
            eject();

            assertThat(breaker.record(late, FAILED)).isEqualTo(Verdict.STAY);
            assertThat(Verdicts.of(breaker, OK)).containsExactly(Verdict.RECOVER);
        }

        @Test
        void doesNotGiveATrialBackThatItNeverHad() {
            eject();
            permit(breaker);

            breaker.record(late, ABORTED);

            assertThat(breaker.tryAcquire()).isEqualTo(Breaker.REFUSED);
        }

        @Test
        void doesNotCountAfterTheReadmission() {
            eject();
            breaker.close();
            Verdicts.of(breaker, FAILED, FAILED);

            assertThat(breaker.record(late, FAILED)).isEqualTo(Verdict.STAY);
        }

        private void eject() {
            breaker.open(over::incrementAndGet);
            clock.advance(OPEN);
        }
    }

    private Breaker halfOpen(int trials) {
        Breaker breaker = breaker(trials);
        breaker.open(over::incrementAndGet);
        clock.advance(OPEN);
        return breaker;
    }

    private Breaker breaker(int trials) {
        return TestBreakers.factory("test", TestBreakers.settings(3, trials, RateRule.OFF), clock.timers())
                .create("test", "a");
    }
}
