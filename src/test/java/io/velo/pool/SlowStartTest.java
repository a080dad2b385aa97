package io.velo.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.velo.backend.BackendState;
import io.velo.testing.Backends;
import io.velo.testing.TestPool;
import java.time.Duration;
import java.util.Collections;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SlowStartTest {

    private static final Duration WINDOW = Duration.ofSeconds(20);

    private final TestPool test = TestPool.of("a", "b").slowStart(WINDOW).build();

    @ParameterizedTest
    @CsvSource({"0, 2, 22", "1, 2, 22", "5, 5, 25", "10, 10, 30", "15, 15, 35", "19, 19, 39", "20, 20, 40", "99, 20, 40"
    })
    void growsFromATenthToTheWholeShare(int seconds, int share, int of) {
        comeBack("b");

        test.advance(Duration.ofSeconds(seconds));
        test.pool().tick();

        assertThat(Collections.frequency(test.serve(of), "b")).isEqualTo(share);
    }

    @Test
    void isReckonedFromTheWeight() {
        TestPool weights = TestPool.of(Backends.weighted("a", 1), Backends.weighted("b", 4))
                .slowStart(WINDOW)
                .build();
        weights.miss("b", 1);
        weights.pass("b", 2);
        weights.advance(WINDOW.dividedBy(2));
        weights.pool().tick();

        assertThat(Collections.frequency(weights.serve(30), "b"))
                .as("half of 4 to 1")
                .isEqualTo(20);
    }

    @Test
    void endsWithATransition() {
        comeBack("b");

        test.advance(WINDOW.minusMillis(1));
        test.pool().tick();
        assertThat(test.state("b")).isEqualTo(BackendState.WARMING);
        test.advance(Duration.ofMillis(1));
        test.pool().tick();

        assertThat(test.state("b")).isEqualTo(BackendState.UP);
        assertThat(test.backend("b").standing().cause()).isEqualTo("slow start done");
        assertThat(test.story()).endsWith("b DOWN>WARMING", "b WARMING>UP");
    }

    @Test
    void isForTheOnlyBackendNoReasonToRefuse() {
        TestPool alone = TestPool.of("a").slowStart(WINDOW).build();
        alone.miss("a", 1);
        alone.pass("a", 2);

        assertThat(alone.serve(3)).containsOnly("a");
    }

    @Nested
    class Begins {

        @Test
        void afterADrain() {
            test.pool().drain(test.backend("b"));
            test.pool().resume(test.backend("b"));

            assertThat(test.state("b")).isEqualTo(BackendState.WARMING);
        }

        @Test
        void afterATrial() {
            test.fail("b", 3);
            test.advance(Duration.ofSeconds(10));
            test.answer("b", 200);

            assertThat(test.state("b")).isEqualTo(BackendState.WARMING);
        }

        @Test
        void notAtStart() {
            test.pass("b", 1);

            assertThat(test.story()).isEmpty();
            assertThat(test.state("b")).isEqualTo(BackendState.UP);
        }

        @Test
        void againWhenItGoesDownMeanwhile() {
            comeBack("b");
            test.advance(WINDOW.dividedBy(2));
            test.miss("b", 3);
            test.pass("b", 2);
            test.pool().tick();

            assertThat(Collections.frequency(test.serve(22), "b")).isEqualTo(2);
        }

        @Test
        void notWithoutAWindow() {
            TestPool without = TestPool.of("a", "b").build();
            without.miss("b", 1);
            without.pass("b", 2);

            assertThat(without.state("b")).isEqualTo(BackendState.UP);
        }
    }

    private void comeBack(String id) {
        test.miss(id, 1);
        test.pass(id, 2);
    }
}
