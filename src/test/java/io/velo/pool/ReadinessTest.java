package io.velo.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.velo.backend.BackendSpec;
import io.velo.backend.BackendState;
import io.velo.backend.Readiness;
import io.velo.backend.Reason;
import io.velo.backend.Why;
import io.velo.testing.Backends;
import io.velo.testing.TestPool;
import java.time.Duration;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What becomes of a backend by the word of whoever found it. */
class ReadinessTest {

    private static final BackendSpec A = Backends.spec("a");
    private static final BackendSpec B = Backends.spec("b");

    private final TestPool test =
            TestPool.of(A, B).slowStart(Duration.ofSeconds(10)).build();

    private static BackendSpec notReady(BackendSpec spec) {
        return spec.withReadiness(Readiness.NOT_READY);
    }

    private static BackendSpec leaving(BackendSpec spec) {
        return spec.withReadiness(Readiness.LEAVING);
    }

    private String cause(String id) {
        return test.backend(id).standing().cause();
    }

    @Nested
    class NotReady {

        @Test
        void getsNothingAndSaysWhy() {
            test.become(notReady(A), B);

            assertThat(test.serve(3)).containsOnly("b");
            assertThat(test.state("a")).isEqualTo(BackendState.DOWN);
            assertThat(Why.of(test.backend("a")).sentence()).contains(": who found it says that it isn't ready.");
            assertThat(test.story()).containsExactly("a UP>DOWN");
        }

        @Test
        void finishesWhatItHas() {
            Lease lease = test.lease("a");

            test.become(notReady(A), B);
            test.advance(Duration.ofMinutes(5));
            test.pool().tick();

            assertThat(test.departures()).as("nothing is cut").isEmpty();
            lease.headArrived(200);
            lease.complete();
            assertThat(test.backend("a").inFlight()).isZero();
        }

        @Test
        void warmsUpWhenItIsReadyAgain() {
            test.become(notReady(A), B);

            test.become(A, B);

            assertThat(test.state("a")).isEqualTo(BackendState.WARMING);
            assertThat(cause("a")).isEqualTo("who found it says that it is ready");
        }

        @Test
        void isNotUpBecauseOfItsProbes() {
            test.become(notReady(A), B);

            test.pass("a", 5);

            assertThat(test.state("a")).isEqualTo(BackendState.DOWN);
        }

        @Test
        void isNotUpBeforeItsProbesPass() {
            test.become(notReady(A), B);
            test.miss("a", 3);

            test.become(A, B);

            assertThat(test.state("a")).isEqualTo(BackendState.DOWN);
            assertThat(cause("a")).isEqualTo("who found it says that it is ready");
            test.pass("a", 2);
            assertThat(test.state("a")).isEqualTo(BackendState.WARMING);
        }

        @Test
        void mayJoinLikeThat() {
            test.become(A, B, notReady(Backends.spec("c")));
            assertThat(test.state("c")).isEqualTo(BackendState.DOWN);
            assertThat(cause("c")).isEqualTo("who found it says that it isn't ready");

            test.become(A, B, Backends.spec("c"));

            assertThat(test.state("c")).isEqualTo(BackendState.WARMING);
        }
    }

    @Nested
    class Leaving {

        @Test
        void drains() {
            Lease lease = test.lease("a");

            test.become(leaving(A), B);

            assertThat(test.state("a")).isEqualTo(BackendState.DRAINING);
            assertThat(cause("a")).isEqualTo("who found it says that it is about to end");
            assertThat(test.serve(2)).containsOnly("b");
            lease.headArrived(200);
            lease.complete();
            assertThat(test.drains()).singleElement().satisfies(each -> assertThat(each.backend())
                    .isEqualTo("a"));
            assertThat(test.departures()).as("it is still named").isEmpty();
            test.become(B);
            assertThat(test.departures()).containsExactly("a gone");
        }

        @Test
        void isCutWhenItTakesTooLong() {
            Lease lease = test.lease("a");
            test.become(leaving(A), B);

            test.advance(Duration.ofSeconds(30));
            test.pool().tick();

            assertThat(test.departures()).containsExactly("a overdue");
            lease.abort(Reason.CLIENT_ABORTED);
            assertThat(test.backend("a").inFlight()).isZero();
        }

        @Test
        void mayJoinLikeThat() {
            test.become(A, B, leaving(Backends.spec("c")));

            assertThat(test.state("c")).isEqualTo(BackendState.DRAINING);
        }

        @Test
        void isNotBroughtBackByAnOperator() {
            test.become(leaving(A), B);

            test.pool().resume(test.backend("a"));

            assertThat(test.state("a")).isEqualTo(BackendState.DRAINING);
        }

        @Test
        void comesBackIfThatWasAMistake() {
            test.become(leaving(A), B);

            test.become(A, B);

            assertThat(test.state("a")).isEqualTo(BackendState.WARMING);
        }
    }
}
