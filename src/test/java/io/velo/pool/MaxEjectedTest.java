package io.velo.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.velo.backend.BackendState;
import io.velo.testing.Backends;
import io.velo.testing.TestPool;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MaxEjectedTest {

    @ParameterizedTest
    @CsvSource({
        "0.5, 2, 1",
        "0.5, 3, 1",
        "0.5, 10, 5",
        "0.1, 10, 1",
        "0.99, 10, 9",
        "0.9, 2, 1",
        "0.01, 10, 1",
        "0, 10, 0",
        "1, 2, 2",
        "1, 3, 3",
        "1, 10, 10",
        "0.5, 1, 0",
        "1, 1, 1"
    })
    void capsHowManyAreOutAtOnce(double maxEjected, int size, long out) {
        TestPool test = pool(size, maxEjected);

        failAll(test);

        assertThat(ejected(test)).isEqualTo(out);
    }

    @Test
    void isExactForSharesThatABinaryFractionMisses() {
        TestPool test = pool(100, 0.29);

        failAll(test);

        assertThat(ejected(test)).isEqualTo(29);
    }

    @Test
    void makesRoomWhenOneIsReadmitted() {
        TestPool test = pool(3, 0.5);
        test.fail("0", 3);
        test.advance(Duration.ofSeconds(10));
        test.answer("0", 200);

        test.fail("1", 3);

        assertThat(test.state("1")).isEqualTo(BackendState.EJECTED);
    }

    @Test
    void countsATrialAsStillOut() {
        TestPool test = pool(3, 0.5);
        test.fail("0", 3);
        test.advance(Duration.ofSeconds(10));

        test.fail("1", 3);

        assertThat(test.state("1")).isEqualTo(BackendState.UP);
    }

    @Nested
    class ABackendThatIsSpared {

        private final TestPool test = pool(2, 0.5);

        @Test
        void staysInServiceWithoutANotice() {
            test.fail("0", 3);

            test.fail("1", 30);

            assertThat(test.state("1")).isEqualTo(BackendState.UP);
            assertThat(test.story()).containsExactly("0 UP>EJECTED");
        }

        @Test
        void hasToFailAsOftenAgainOnceThereIsRoom() {
            test.fail("0", 3);
            test.fail("1", 3);
            test.advance(Duration.ofSeconds(10));
            test.answer("0", 200);

            test.fail("1", 2);
            assertThat(test.state("1")).isEqualTo(BackendState.UP);
            test.fail("1", 1);

            assertThat(test.state("1")).isEqualTo(BackendState.EJECTED);
        }
    }

    @Nested
    class TheLastEligibleBackend {

        @Test
        void staysWhenTheOtherIsDown() {
            TestPool test = pool(2, 0.9);
            test.miss("1", 1);

            test.fail("0", 3);

            assertThat(test.state("0")).isEqualTo(BackendState.UP);
        }

        @Test
        void staysWhenTheOtherIsDraining() {
            TestPool test = pool(2, 0.9);
            test.pool().drain(test.backend("1"));

            test.fail("0", 3);

            assertThat(test.state("0")).isEqualTo(BackendState.UP);
        }

        @Test
        void staysWhenTheOtherIsOnTrial() {
            TestPool test = pool(2, 0.9);
            test.fail("1", 3);
            test.advance(Duration.ofSeconds(10));

            test.fail("0", 3);

            assertThat(test.state("0")).isEqualTo(BackendState.UP);
        }

        @Test
        void staysWhenTheOtherHasNoWeight() {
            TestPool test = TestPool.of(Backends.spec("0"), Backends.weighted("1", 0))
                    .maxEjected(0.5)
                    .build();

            test.fail("0", 3);

            assertThat(test.state("0")).isEqualTo(BackendState.UP);
        }

        @Test
        void goesWhenTheCapIsLifted() {
            TestPool test = pool(2, 1);
            test.miss("1", 1);

            test.fail("0", 3);

            assertThat(test.state("0")).isEqualTo(BackendState.EJECTED);
        }
    }

    private static TestPool pool(int size, double maxEjected) {
        return TestPool.of(IntStream.range(0, size).mapToObj(String::valueOf).toArray(String[]::new))
                .maxEjected(maxEjected)
                .build();
    }

    private static void failAll(TestPool test) {
        test.pool().backends().forEach(backend -> test.fail(backend.id(), 3));
    }

    private static long ejected(TestPool test) {
        return test.pool().backends().stream()
                .filter(backend -> backend.state() == BackendState.EJECTED)
                .count();
    }
}
