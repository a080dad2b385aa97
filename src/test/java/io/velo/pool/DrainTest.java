package io.velo.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.velo.backend.BackendState;
import io.velo.backend.Drained;
import io.velo.backend.Reason;
import io.velo.testing.TestPool;
import java.time.Duration;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class DrainTest {

    private final TestPool test = TestPool.of("a", "b").build();

    @Test
    void addsNoRequest() {
        drain("a");

        assertThat(test.serve(4)).containsOnly("b");
        assertThat(test.state("a")).isEqualTo(BackendState.DRAINING);
        assertThat(test.backend("a").standing().cause()).isEqualTo("drained by an operator");
    }

    @Test
    void letsRequestsInFlightFinish() {
        Lease lease = test.lease("a");
        drain("a");
        assertThat(test.backend("a").inFlight()).isEqualTo(1);

        lease.headArrived(200);
        lease.complete();

        assertThat(test.backend("a").inFlight()).isZero();
        assertThat(test.state("a")).isEqualTo(BackendState.DRAINING);
    }

    @Test
    void isReportedOnceHoweverOftenItIsAskedFor() {
        drain("a");
        drain("a");

        assertThat(test.story()).containsExactly("a UP>DRAINING");
    }

    @Test
    void hidesWhatProbesFindUntilItEnds() {
        drain("a");
        test.miss("a", 3);
        assertThat(test.state("a")).isEqualTo(BackendState.DRAINING);

        resume("a");

        assertThat(test.state("a")).isEqualTo(BackendState.DOWN);
    }

    @Test
    void doesNotEndAnEjection() {
        test.fail("a", 3);
        drain("a");
        resume("a");

        assertThat(test.state("a")).isEqualTo(BackendState.EJECTED);
    }

    @Test
    void outlastsAnEjection() {
        test.fail("a", 3);
        drain("a");

        test.advance(Duration.ofSeconds(10));

        assertThat(test.state("a")).isEqualTo(BackendState.DRAINING);
    }

    @Test
    void countsFailuresOfRequestsThatWereInFlight() {
        Lease[] leases = {test.lease("a"), test.lease("a"), test.lease("a")};
        drain("a");
        for (Lease lease : leases) {
            lease.fail(Reason.CONNECTION_TERMINATED);
        }

        resume("a");

        assertThat(test.state("a")).isEqualTo(BackendState.EJECTED);
    }

    @Nested
    class Resuming {

        @Test
        void bringsTheBackendBack() {
            drain("a");

            resume("a");

            assertThat(test.serve(4)).contains("a");
            assertThat(test.story()).containsExactly("a UP>DRAINING", "a DRAINING>UP");
        }

        @Test
        void isNothingForOneThatDoesNotDrain() {
            resume("a");

            assertThat(test.story()).isEmpty();
        }
    }

    private void drain(String id) {
        test.pool().drain(test.backend(id));
    }

    private void resume(String id) {
        test.pool().resume(test.backend(id));
    }

    @Test
    void tellsWhenItIsDone() {
        Lease lease = test.lease("a");
        drain("a");
        assertThat(test.drains()).isEmpty();

        lease.complete();

        assertThat(test.drains()).extracting(Drained::backend).containsExactly("a");
        drain("a");
        assertThat(test.drains()).hasSize(1);
    }

    @Test
    void isDoneAtOnceIfNothingIsInFlight() {
        drain("a");

        assertThat(test.drains()).extracting(Drained::took).containsExactly(Duration.ZERO);
    }

    @Test
    void hasWhatTakesTooLongCut() {
        Lease lease = test.lease("a");
        test.pool().drain(test.backend("a"), Duration.ofSeconds(5));
        test.advance(Duration.ofSeconds(5));
        test.pool().tick();

        assertThat(test.departures()).containsExactly("a overdue");
        lease.fail(Reason.CONNECTION_TERMINATED);
        assertThat(test.drains()).extracting(Drained::overdue).containsExactly(true);
    }

    @Test
    void hasNoLimitIfItsTimeIsZero() {
        Lease lease = test.lease("a");
        test.pool().drain(test.backend("a"), Duration.ZERO);
        test.advance(Duration.ofDays(1));
        test.pool().tick();

        assertThat(test.departures()).isEmpty();
        lease.complete();
    }

    @Test
    void givesATimeAnewWhenItIsAskedForAgain() {
        Lease lease = test.lease("a");
        drain("a");
        test.advance(Duration.ofSeconds(29));
        drain("a");
        test.advance(Duration.ofSeconds(29));
        test.pool().tick();

        assertThat(test.departures()).isEmpty();
        lease.complete();
        assertThat(test.drains()).extracting(Drained::took).containsExactly(Duration.ofSeconds(58));
    }
}
