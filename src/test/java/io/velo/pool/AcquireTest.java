package io.velo.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.velo.backend.BackendState;
import io.velo.backend.Reason;
import io.velo.testing.Backends;
import io.velo.testing.TestPool;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class AcquireTest {

    private static final Duration OPEN = Duration.ofSeconds(10);

    @Nested
    class Picks {

        private final TestPool test = TestPool.of("a", "b", "c").build();

        @Test
        void followTheStrategy() {
            assertThat(test.serve(4)).containsExactly("a", "b", "c", "a");
        }

        @Test
        void leaveOutWhatWasTried() {
            assertThat(test.acquireBut("a", "c")).extracting("backend").isEqualTo(test.backend("b"));
        }

        @Test
        void leaveOutWhatIsDown() {
            test.miss("b", 1);

            assertThat(test.serve(3)).containsExactly("a", "c", "a");
        }

        @Test
        void leaveOutWhatHasNoWeight() {
            TestPool weights = TestPool.of(Backends.weighted("a", 0), Backends.weighted("b", 1))
                    .build();

            assertThat(weights.serve(3)).containsOnly("b");
            assertThat(weights.pool().eligible()).isEqualTo(1);
        }

        @Test
        void passOverWhatIsFull() {
            TestPool caps =
                    TestPool.of(Backends.capped("a", 1), Backends.spec("b")).build();
            caps.lease("a");

            assertThat(caps.serve(3)).containsOnly("b");
            assertThat(caps.backend("a").inFlight())
                    .as("refused requests leave no trace")
                    .isEqualTo(1);
        }
    }

    @Nested
    @DisplayName("S3: the breaker is asked during the pick")
    class AnOpenBreaker {

        private final TestPool test = TestPool.of("a", "b", "c").build();

        @Test
        void costsNoRequestWhileAnotherBackendIsEligible() {
            test.fail("b", 3);

            assertThat(test.serve(100)).containsOnly("a", "c");
        }

        @Test
        void thatGoesHalfOpenGetsOneRequestAndTheOthersTheRest() {
            test.fail("b", 3);
            test.advance(OPEN);

            Lease trial = test.lease("b");

            assertThat(test.serve(10)).containsOnly("a", "c");
            assertThat(trial.ended()).isFalse();
            assertThat(test.backend("b").inFlight())
                    .as("refused requests leave no trace")
                    .isEqualTo(1);
        }

        @Test
        void isNotAskedForABackendThatWasTried() {
            test.fail("b", 3);
            test.advance(OPEN);

            test.acquireBut("a", "b", "c");

            assertThat(test.lease("b").backend().id())
                    .as("the trial is still to be had")
                    .isEqualTo("b");
        }

        @Test
        void isNotAskedForABackendThatIsFull() {
            TestPool caps = TestPool.of(Backends.capped("a", 4)).build();
            Lease early = caps.lease("a");
            caps.fail("a", 3);
            caps.advance(OPEN);
            Backends.occupy(caps.backend("a"), 3);

            assertThat(caps.acquire()).isEqualTo(new Pick.None(Reason.CONNECTION_LIMIT_REACHED));
            early.abort(Reason.CLIENT_ABORTED);

            assertThat(caps.lease("a").backend().state()).isEqualTo(BackendState.TRIAL);
        }
    }

    @Nested
    class NothingToPick {

        @Test
        void isUnavailableInAnEmptyPool() {
            assertThat(TestPool.of(new String[0]).build().acquire()).isEqualTo(none(Reason.DESTINATION_UNAVAILABLE));
        }

        @Test
        void isUnavailableWhenAllAreDown() {
            TestPool test = TestPool.of("a", "b").build();
            test.miss("a", 1);
            test.miss("b", 1);

            assertThat(test.acquire()).isEqualTo(none(Reason.DESTINATION_UNAVAILABLE));
        }

        @Test
        void isUnavailableWhenAllAreDraining() {
            TestPool test = TestPool.of("a").build();
            test.pool().drain(test.backend("a"));

            assertThat(test.acquire()).isEqualTo(none(Reason.DESTINATION_UNAVAILABLE));
        }

        @Test
        void isUnavailableWhenNoneHasWeight() {
            TestPool test = TestPool.of(Backends.weighted("a", 0)).build();

            assertThat(test.acquire()).isEqualTo(none(Reason.DESTINATION_UNAVAILABLE));
        }

        @Test
        void isUnavailableWhenAllWereTried() {
            TestPool test = TestPool.of("a", "b").build();

            assertThat(test.acquireBut("a", "b")).isEqualTo(none(Reason.DESTINATION_UNAVAILABLE));
        }

        @Test
        void isTheCircuitsFaultWhenAllThatAreHealthyAreEjected() {
            TestPool test = TestPool.of("a", "b").build();
            test.fail("a", 3);
            test.miss("b", 1);

            assertThat(test.acquire()).isEqualTo(none(Reason.CIRCUIT_OPEN));
        }

        @Test
        void isTheCircuitsFaultWhenTheTrialIsUnderWay() {
            TestPool test = TestPool.of("a").build();
            test.fail("a", 3);
            test.advance(OPEN);
            test.lease("a");

            assertThat(test.acquire()).isEqualTo(none(Reason.CIRCUIT_OPEN));
        }

        @Test
        void isNotTheCircuitsFaultWhenTheEjectedOneIsDownToo() {
            TestPool test = TestPool.of("a").build();
            test.fail("a", 3);
            test.miss("a", 1);

            assertThat(test.acquire()).isEqualTo(none(Reason.DESTINATION_UNAVAILABLE));
        }

        @Test
        void isALimitWhenTheEligibleOnesAreFull() {
            TestPool test =
                    TestPool.of(Backends.capped("a", 1), Backends.spec("b")).build();
            test.fail("b", 3);
            test.lease("a");

            assertThat(test.acquire()).isEqualTo(none(Reason.CONNECTION_LIMIT_REACHED));
        }

        private static Pick none(Reason reason) {
            return new Pick.None(reason);
        }
    }
}
