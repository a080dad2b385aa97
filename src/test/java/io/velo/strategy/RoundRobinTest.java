package io.velo.strategy;

import static io.velo.testing.Backends.candidates;
import static org.assertj.core.api.Assertions.assertThat;

import io.velo.testing.Picks;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoundRobinTest {

    @Nested
    class Turns {

        @Test
        void goRoundWhenWeightsAreEqual() {
            assertThat(turns(7, 1, 1, 1)).containsExactly("a", "b", "c", "a", "b", "c", "a");
        }

        @Test
        void areSpreadSmoothlyWhenOneIsHeavy() {
            assertThat(turns(14, 5, 1, 1))
                    .containsExactly("a", "a", "b", "a", "c", "a", "a", "a", "a", "b", "a", "c", "a", "a");
        }

        @Test
        void areSpreadSmoothlyOverThreeWeights() {
            assertThat(turns(6, 1, 2, 3)).containsExactly("c", "b", "a", "c", "b", "c");
        }

        @Test
        void followTheSharesNotTheSizeOfTheWeights() {
            assertThat(turns(14, 250, 50, 50)).isEqualTo(turns(14, 5, 1, 1));
            assertThat(turns(6, 256, 256, 256)).isEqualTo(turns(6, 1, 1, 1));
        }

        @Test
        void areAllOfTheOnlyOne() {
            assertThat(turns(3, 7)).containsExactly("a", "a", "a");
        }
    }

    @Nested
    class Refusals {

        @Test
        void areFollowedByEachOtherOnceStartingWithTheNext() {
            Picker picker = starting(1).pickerFor(candidates("a", "b", "c"));

            assertThat(Picks.offers(picker)).containsExactly("b", "c", "a");
        }

        @Test
        void offerAWeightedBackendOnlyOnce() {
            Picker picker = starting(0).pickerFor(candidates(5, 1, 1));

            assertThat(Picks.offers(picker)).containsExactlyInAnyOrder("a", "b", "c");
        }

        @Test
        void areAnsweredWithNoneWhenAllRefuse() {
            Picker picker = starting(0).pickerFor(candidates("a", "b"));

            assertThat(Picks.next(picker, backend -> false)).isEqualTo("none");
        }

        @Test
        void ofOneBackendDontDoubleTheLoadOfItsNeighbour() {
            Picker picker = starting(0).pickerFor(candidates("a", "b", "c"));

            List<String> picks = List.of(withoutA(picker), withoutA(picker), withoutA(picker), withoutA(picker));

            assertThat(picks).containsExactly("b", "c", "b", "c");
        }

        private static String withoutA(Picker picker) {
            return Picks.next(picker, backend -> !backend.id().equals("a"));
        }
    }

    @Nested
    class TheFirstPlace {

        @ParameterizedTest
        @CsvSource({"0, a b c", "1, b c a", "2, c a b"})
        void isRandomSoThatInstancesDontWalkInStep(int random, String expected) {
            Picker picker = starting(random).pickerFor(candidates("a", "b", "c"));

            assertThat(Picks.next(3, picker)).containsExactly(expected.split(" "));
        }

        @Test
        void mayBeAnyOfAWholeWeightedTurn() {
            AtomicInteger asked = new AtomicInteger();

            new RoundRobin(bound -> asked.getAndSet(bound)).pickerFor(candidates(5, 1, 1));

            assertThat(asked).hasValue(7);
        }

        @Test
        void isDrawnOnlyOnce() {
            AtomicInteger draws = new AtomicInteger();
            RoundRobin strategy = new RoundRobin(bound -> draws.getAndIncrement());

            strategy.pickerFor(candidates("a", "b"));
            strategy.pickerFor(candidates("a", "b", "c"));

            assertThat(draws).hasValue(1);
        }
    }

    @Test
    void goesOnWhenTheCursorRunsOver() {
        Picker picker = starting(Integer.MAX_VALUE).pickerFor(candidates("a", "b", "c"));

        assertThat(Picks.next(6, picker))
                .as("one pick in 2^32 may be out of turn")
                .containsExactly("b", "b", "c", "a", "b", "c");
    }

    private static List<String> turns(int picks, int... weights) {
        return Picks.next(picks, starting(0).pickerFor(candidates(weights)));
    }

    private static RoundRobin starting(int place) {
        return new RoundRobin(bound -> place);
    }
}
