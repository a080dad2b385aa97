package io.velo.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.velo.backend.BackendState;
import io.velo.backend.Reason;
import io.velo.testing.Backends;
import io.velo.testing.TestPool;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class PanicTest {

    private final TestPool test =
            TestPool.of("a", "b", "c", "d").panicThreshold(0.5).build();

    @Test
    void isNotYetAtTheThreshold() {
        test.miss("a", 1);
        test.miss("b", 1);

        assertThat(test.pool().panic()).isFalse();
        assertThat(test.serve(4)).containsExactly("c", "d", "c", "d");
        assertThat(test.panics()).isEmpty();
    }

    @Test
    void ignoresHealthBelowTheThreshold() {
        test.miss("a", 1);
        test.miss("b", 1);
        test.miss("c", 1);

        assertThat(test.pool().panic()).isTrue();
        assertThat(test.serve(4)).containsExactlyInAnyOrder("a", "b", "c", "d");
        assertThat(test.state("a")).isEqualTo(BackendState.DOWN);
    }

    @Test
    void ignoresBreakersToo() {
        test.fail("a", 3);
        test.fail("b", 3);
        test.fail("c", 3);

        assertThat(test.serve(4)).containsExactlyInAnyOrder("a", "b", "c", "d");
    }

    @Test
    void isNotForOperatorsWhoDrain() {
        test.pool().drain(test.backend("a"));
        test.miss("b", 1);
        test.miss("c", 1);

        assertThat(test.serve(6)).containsOnly("b", "c", "d");
    }

    @Test
    void isNotForThoseWithoutWeight() {
        TestPool weights = TestPool.of(Backends.weighted("a", 0), Backends.spec("b"), Backends.spec("c"))
                .panicThreshold(0.6)
                .build();
        assertThat(weights.pool().panic()).as("who has no weight isn't missed").isFalse();

        weights.miss("b", 1);

        assertThat(weights.pool().panic()).isTrue();
        assertThat(weights.serve(4)).containsExactlyInAnyOrder("b", "b", "c", "c");
    }

    @Test
    void respectsLimitsStill() {
        TestPool caps = TestPool.of(Backends.capped("a", 1)).panicThreshold(1).build();
        caps.miss("a", 1);
        caps.lease("a");

        assertThat(caps.acquire()).isEqualTo(new Pick.None(Reason.CONNECTION_LIMIT_REACHED));
    }

    @Test
    void neverIsWhenTheThresholdIsZero() {
        TestPool calm = TestPool.of("a").panicThreshold(0).build();
        calm.miss("a", 1);

        assertThat(calm.pool().panic()).isFalse();
        assertThat(calm.acquire()).isEqualTo(new Pick.None(Reason.DESTINATION_UNAVAILABLE));
    }

    @Test
    void isExactForSharesThatABinaryFractionMisses() {
        TestPool hundred = TestPool.of(
                        IntStream.range(0, 100).mapToObj(String::valueOf).toArray(String[]::new))
                .panicThreshold(0.07)
                .build();
        IntStream.range(7, 100).forEach(i -> hundred.miss("" + i, 1));

        assertThat(hundred.pool().panic()).as("7 of 100 are no less than 7 %").isFalse();
    }

    @Nested
    class Notices {

        @Test
        void comeOnceWhenItBeginsAndOnceWhenItEnds() {
            test.miss("a", 1);
            test.miss("b", 1);
            test.miss("c", 1);
            test.miss("d", 1);
            test.pass("a", 2);
            test.pass("b", 2);
            test.pass("c", 2);

            assertThat(test.panics()).containsExactly(true, false);
            assertThat(test.pool().panic()).isFalse();
        }
    }

    @Nested
    class Requests {

        @Test
        void dontCountForOrAgainstAnEjectedBackend() {
            test.fail("a", 3);
            test.miss("b", 1);
            test.miss("c", 1);
            assertThat(test.pool().panic()).isTrue();

            test.fail("a", 10);
            test.fail("d", 10);

            assertThat(test.state("d")).isEqualTo(BackendState.UP);
            assertThat(test.backend("a").lastEjection().orElseThrow().inARow()).isEqualTo(1);
            test.advance(Duration.ofSeconds(10));
            assertThat(test.state("a")).isEqualTo(BackendState.TRIAL);
        }
    }
}
