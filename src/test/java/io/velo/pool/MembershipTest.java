package io.velo.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.velo.backend.Backend;
import io.velo.backend.BackendSpec;
import io.velo.backend.BackendState;
import io.velo.backend.Reason;
import io.velo.testing.Backends;
import io.velo.testing.TestPool;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Backends come and go while requests come in. */
class MembershipTest {

    private static final BackendSpec A = Backends.spec("a");
    private static final BackendSpec B = Backends.spec("b");
    private static final BackendSpec C = Backends.spec("c");

    private final TestPool test = TestPool.of(A, B).build();

    @Nested
    class OneThatStays {

        @Test
        void isTheSameWithAllThatIsKnownOfIt() {
            Backend b = test.backend("b");
            Lease lease = test.lease("b");
            test.miss("b", 1);

            test.become(C, B);

            assertThat(test.backend("b")).isSameAs(b);
            assertThat(b.inFlight()).isEqualTo(1);
            assertThat(b.state()).isEqualTo(BackendState.DOWN);
            lease.fail(Reason.CONNECTION_TERMINATED);
            assertThat(b.inFlight()).isZero();
        }

        @Test
        void staysEjectedForTheTimeThatItHas() {
            test.fail("a", 3);
            test.become(A, C);
            assertThat(test.state("a")).isEqualTo(BackendState.EJECTED);

            test.advance(Duration.ofSeconds(10));

            assertThat(test.state("a")).isEqualTo(BackendState.TRIAL);
        }

        @Test
        void keepsItsTurn() {
            assertThat(test.serve(1)).containsExactly("a");

            test.become(A, B, C);

            assertThat(test.serve(3)).containsExactly("b", "c", "a");
        }

        @Test
        void takesOnItsWeight() {
            test.become(Backends.weighted("a", 3), B);

            assertThat(Collections.frequency(test.serve(8), "a")).isEqualTo(6);
        }

        @Test
        void isAnotherAtAnotherAddress() {
            Backend before = test.backend("a");
            test.become(BackendSpec.of("a", URI.create("http://elsewhere:1")), B);

            assertThat(test.backend("a")).isNotSameAs(before);
            assertThat(test.departures()).containsExactly("a gone");
        }
    }

    @Nested
    class OneThatIsRemoved {

        @Test
        void goesAtOnceIfItHoldsNothing() {
            test.become(B);

            assertThat(test.pool().leaving()).isEmpty();
            assertThat(test.departures()).containsExactly("a gone");
            assertThat(test.story()).containsExactly("a UP>DRAINING");
            assertThat(test.serve(3)).containsOnly("b");
        }

        @Test
        void finishesWhatItHolds() {
            Lease lease = test.lease("a");
            test.become(B);
            assertThat(test.pool().leaving()).extracting(Backend::id).containsExactly("a");
            assertThat(test.departures()).isEmpty();

            test.advance(Duration.ofSeconds(3));
            lease.headArrived(200);
            lease.complete();

            assertThat(test.pool().leaving()).isEmpty();
            assertThat(test.departures()).containsExactly("a gone");
            assertThat(test.drains()).singleElement().satisfies(drained -> {
                assertThat(drained.backend()).isEqualTo("a");
                assertThat(drained.took()).isEqualTo(Duration.ofSeconds(3));
                assertThat(drained.overdue()).isFalse();
            });
        }

        @Test
        void isCutWhenItsTimeIsOver() {
            Lease lease = test.lease("a");
            test.become(B);

            test.advance(Duration.ofSeconds(29));
            test.pool().tick();
            assertThat(test.departures()).isEmpty();
            test.advance(Duration.ofSeconds(1));
            test.pool().tick();
            assertThat(test.departures()).containsExactly("a overdue");

            lease.fail(Reason.CONNECTION_TERMINATED);
            assertThat(test.departures()).containsExactly("a overdue", "a gone");
            assertThat(test.drains()).singleElement().satisfies(drained -> assertThat(drained.overdue())
                    .isTrue());
        }

        @Test
        void comesBackAsItWasIfItIsNamedAgainInTime() {
            Backend a = test.backend("a");
            Lease lease = test.lease("a");
            test.become(B);
            test.become(A, B);

            assertThat(test.backend("a")).isSameAs(a);
            assertThat(a.state()).isEqualTo(BackendState.UP);
            lease.complete();
            assertThat(test.departures()).isEmpty();
        }
    }

    @Nested
    class OneThatJoins {

        @Test
        void warmsUpIfThereIsASlowStart() {
            TestPool slow = TestPool.of(A, B).slowStart(Duration.ofSeconds(20)).build();
            slow.become(A, B, C);

            assertThat(slow.state("c")).isEqualTo(BackendState.WARMING);
            assertThat(slow.state("a")).isEqualTo(BackendState.UP);
            slow.advance(Duration.ofSeconds(20));
            slow.pool().tick();
            assertThat(slow.state("c")).isEqualTo(BackendState.UP);
        }

        @Test
        void doesNotInAPoolThatWasEmpty() {
            TestPool slow =
                    TestPool.of(new String[0]).slowStart(Duration.ofSeconds(20)).build();
            slow.become(A);

            assertThat(slow.state("a")).isEqualTo(BackendState.UP);
        }

        @Test
        void leavesThePoolSettled() {
            test.pass("a", 1);
            test.pass("b", 1);
            assertThat(test.pool().settled()).isTrue();

            test.become(A, B, C);

            assertThat(test.pool().settled()).isTrue();
        }
    }

    @Test
    void takesOnAnotherStrategy() {
        PoolSpec spec = test.pool().spec();
        Lease busy = test.lease("a");

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

        assertThat(test.serve(3)).containsOnly("b");
        busy.complete();
    }

    @Test
    void cannotBecomeAnotherPool() {
        PoolSpec spec = test.pool().spec();
        PoolSpec other = new PoolSpec(
                "other", spec.strategy(), List.of(), true, spec.thresholds(), 1, 0, Duration.ZERO, Duration.ZERO);

        assertThatIllegalArgumentException().isThrownBy(() -> test.become(other));
    }

    /** A pick that chose a backend which has just gone has to choose again, among those of now. */
    @Test
    void alwaysHasSomebodyForARequestWhileAllAreExchanged() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        List<Future<Integer>> refused = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            refused.add(threads.submit(refusals(over)));
        }
        for (int i = 0; i < 2000; i++) {
            test.become(Backends.spec("x" + i), Backends.spec("y" + i));
        }
        over.set(true);

        for (Future<Integer> each : refused) {
            assertThat(each.get(30, TimeUnit.SECONDS)).isZero();
        }
        threads.shutdown();
        assertThat(test.pool().leaving()).isEmpty();
        assertThat(test.departures()).hasSize(4000).allMatch(each -> each.endsWith("gone"));
    }

    private Callable<Integer> refusals(AtomicBoolean over) {
        return () -> {
            int refused = 0;
            while (!over.get()) {
                if (test.acquire() instanceof Lease lease) {
                    lease.headArrived(200);
                    lease.complete();
                } else {
                    refused++;
                }
            }
            return refused;
        };
    }
}
