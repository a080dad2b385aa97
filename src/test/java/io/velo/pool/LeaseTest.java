package io.velo.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.velo.backend.BackendState;
import io.velo.backend.Outcome;
import io.velo.backend.Reason;
import io.velo.testing.TestPool;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LeaseTest {

    private final TestPool test = TestPool.of("a", "b").build();

    @Test
    void holdsItsBackendUntilItEnds() {
        Lease lease = test.lease("a");

        assertThat(lease.ended()).isFalse();
        assertThat(test.backend("a").inFlight()).isEqualTo(1);
        assertThat(test.backend("b").inFlight()).isZero();
    }

    @Test
    void isAnsweredFromTheHeadOnButNotEnded() {
        Lease lease = test.lease("a");
        assertThat(lease.answered()).isFalse();

        lease.headArrived(200);

        assertThat(lease.answered()).isTrue();
        assertThat(lease.ended()).isFalse();
        assertThat(test.backend("a").inFlight()).as("the body is still to come").isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("endings")
    void givesItsBackendFreeWhateverEndsIt(Consumer<Lease> ending) {
        Lease lease = test.lease("a");

        ending.accept(lease);

        assertThat(lease.ended()).isTrue();
        assertThat(test.backend("a").inFlight()).isZero();
        assertThat(test.outcomes()).hasSize(1);
    }

    @ParameterizedTest
    @MethodSource("endings")
    void givesItsBackendFreeOnlyOnce(Consumer<Lease> ending) {
        Lease other = test.lease("a");
        Lease lease = test.lease("a");
        ending.accept(lease);

        endings().forEach(again -> again.accept(lease));

        assertThat(test.backend("a").inFlight()).as("the other one's").isEqualTo(1);
        assertThat(test.outcomes()).hasSize(1);
        other.abort(Reason.CLIENT_ABORTED);
        assertThat(test.backend("a").inFlight()).isZero();
    }

    static List<Consumer<Lease>> endings() {
        return List.of(
                Lease::complete,
                lease -> lease.fail(Reason.CONNECTION_TERMINATED),
                lease -> lease.abort(Reason.CLIENT_ABORTED),
                lease -> lease.giveUp(Reason.CONNECTION_REFUSED),
                lease -> lease.overdue(true));
    }

    @Nested
    class BlamesTheBackend {

        @Test
        void forWhatSpeaksAgainstIt() {
            test.lease("a").giveUp(Reason.CONNECTION_TERMINATED);
            test.lease("a").giveUp(Reason.REQUEST_TOO_LARGE);

            assertThat(test.outcomes())
                    .containsExactly(
                            new Outcome.Failed(Reason.CONNECTION_TERMINATED, 0),
                            new Outcome.Aborted(Reason.REQUEST_TOO_LARGE, 0));
        }

        @Test
        void forTheEndOfTheTimeOnlyIfItHasNotBegunToAnswer() {
            Lease answered = test.lease("a");
            answered.headArrived(200);

            answered.overdue(false);
            test.lease("a").overdue(true);
            test.lease("a").overdue(false);

            assertThat(test.outcomes())
                    .containsExactly(
                            new Outcome.Aborted(Reason.HTTP_RESPONSE_TIMEOUT, 0),
                            new Outcome.Aborted(Reason.HTTP_RESPONSE_TIMEOUT, 0),
                            new Outcome.Failed(Reason.HTTP_RESPONSE_TIMEOUT, 0));
        }
    }

    @Nested
    class TellsItsListeners {

        @Test
        void howLongHeadAndBodyTook() {
            Lease lease = test.lease("a");
            test.advance(Duration.ofMillis(600));
            lease.headArrived(404);
            test.advance(Duration.ofMillis(400));

            lease.complete();

            assertThat(test.outcomes()).containsExactly(new Outcome.Answered(404, 1_000_000_000L, 600_000_000L));
        }

        @Test
        void whyTheBackendFailed() {
            Lease lease = test.lease("a");
            lease.headArrived(200);
            test.advance(Duration.ofMillis(5));

            lease.fail(Reason.HTTP_RESPONSE_INCOMPLETE);

            assertThat(test.outcomes()).containsExactly(new Outcome.Failed(Reason.HTTP_RESPONSE_INCOMPLETE, 5_000_000));
        }

        @Test
        void thatTheClientLeft() {
            test.lease("a").abort(Reason.CLIENT_ABORTED);

            assertThat(test.outcomes()).containsExactly(new Outcome.Aborted(Reason.CLIENT_ABORTED, 0));
        }
    }

    @Nested
    @DisplayName("S4: an outcome is recorded once")
    class OnTheBreaker {

        @Test
        void aSuccessReportedAfterAFailureDoesNotForgiveIt() {
            for (int i = 0; i < 3; i++) {
                Lease lease = test.lease("a");
                lease.fail(Reason.CONNECTION_TERMINATED);
                lease.complete();
            }

            assertThat(test.state("a")).isEqualTo(BackendState.EJECTED);
        }

        @Test
        void aFailureReportedTwiceCountsOnce() {
            Lease lease = test.lease("a");
            for (int i = 0; i < 3; i++) {
                lease.fail(Reason.CONNECTION_TERMINATED);
            }

            assertThat(test.state("a")).isEqualTo(BackendState.UP);
        }

        @Test
        void aFailureReportedAfterTheClientLeftDoesNotCount() {
            for (int i = 0; i < 3; i++) {
                Lease lease = test.lease("a");
                lease.abort(Reason.CLIENT_ABORTED);
                lease.fail(Reason.CONNECTION_TERMINATED);
            }

            assertThat(test.state("a")).isEqualTo(BackendState.UP);
        }
    }
}
