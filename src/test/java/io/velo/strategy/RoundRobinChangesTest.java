package io.velo.strategy;

import static org.assertj.core.api.Assertions.assertThat;

import io.velo.testing.Backends;
import io.velo.testing.Picks;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayName("S8: the turn doesn't jump when health flips")
class RoundRobinChangesTest {

    private final RoundRobin strategy = new RoundRobin(bound -> 0);

    @Nested
    class OfEqualWeights {

        private final Candidate a = Backends.candidate("a", 1, 0);
        private final Candidate b = Backends.candidate("b", 1, 0);
        private final Candidate c = Backends.candidate("c", 1, 0);
        private final Candidate d = Backends.candidate("d", 1, 0);

        @Test
        void goOnAfterTheLastPickWhenAnotherLeaves() {
            pick(1, a, b, c);

            assertThat(pick(3, b, c)).containsExactly("b", "c", "b");
        }

        @Test
        void goOnWithTheNextWhenTheLastPickLeaves() {
            pick(2, a, b, c);

            assertThat(pick(3, a, c)).containsExactly("c", "a", "c");
        }

        @Test
        void skipTheOneDueWhenItLeaves() {
            pick(1, a, b, c);

            assertThat(pick(3, a, c)).containsExactly("c", "a", "c");
        }

        @Test
        void takeInOneThatComesBackAtItsPlace() {
            pick(1, a, c);

            assertThat(pick(4, a, b, c)).containsExactly("b", "c", "a", "b");
        }

        @Test
        void goOnWhenTheLastOneOfTheTurnHasJustBeenPicked() {
            pick(3, a, b, c);

            assertThat(pick(4, a, b, c, d)).containsExactly("d", "a", "b", "c");
        }

        @Test
        void dontFavourAnybodyWhileOneFlipsAtEveryPick() {
            List<String> picks = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                picks.addAll(i % 2 == 0 ? pick(1, a, b, d) : pick(1, a, b, c, d));
            }
            picks.removeIf("c"::equals);

            assertThat(picks).startsWith("a", "b");
            assertThat(spread(picks, "a", "b", "d")).isLessThanOrEqualTo(1);
        }

        @Test
        void startAgainAtThePlaceWhenAllAreNew() {
            pick(1, a, b);

            assertThat(pick(2, c, d)).containsExactlyInAnyOrder("c", "d");
        }
    }

    @Nested
    class OfUnequalWeights {

        private final Candidate a = Backends.candidate("a", 5, 0);
        private final Candidate b = Backends.candidate("b", 1, 0);
        private final Candidate c = Backends.candidate("c", 1, 0);

        @Test
        void keepTheirExactPlaceWhenTheSameCandidatesReturn() {
            List<String> picks = new ArrayList<>();
            for (int i = 0; i < 14; i++) {
                picks.addAll(pick(1, a, b, c));
            }

            assertThat(picks).containsExactly("a", "a", "b", "a", "c", "a", "a", "a", "a", "b", "a", "c", "a", "a");
        }

        @Test
        void keepTheSharesOfTheOthersWhileOneFlipsAtEveryPick() {
            List<String> picks = new ArrayList<>();
            for (int i = 0; i < 700; i++) {
                picks.addAll(i % 2 == 0 ? pick(1, a, b) : pick(1, a, b, c));
            }

            assertThat(Collections.frequency(picks, "b"))
                    .as("a fair share is about 110")
                    .isBetween(70, 180);
        }

        @Test
        void keepSharesWhileAWeightGrowsAtEveryPick() {
            List<String> picks = new ArrayList<>();
            for (int weight = 1; weight <= 200; weight++) {
                picks.addAll(pick(1, new Candidate(a.backend(), 200), new Candidate(b.backend(), weight)));
            }

            assertThat(Collections.frequency(picks, "b"))
                    .as("about 200 × (1 - ln 2) = 61")
                    .isBetween(45, 80);
        }
    }

    private List<String> pick(int times, Candidate... candidates) {
        return Picks.next(times, strategy.pickerFor(List.of(candidates)));
    }

    private static int spread(List<String> picks, String... ids) {
        List<Integer> counts = List.of(ids).stream()
                .map(id -> Collections.frequency(picks, id))
                .toList();
        return Collections.max(counts) - Collections.min(counts);
    }
}
