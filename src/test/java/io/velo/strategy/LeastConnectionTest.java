package io.velo.strategy;

import static io.velo.testing.Backends.candidate;
import static io.velo.testing.Backends.candidates;
import static org.assertj.core.api.Assertions.assertThat;

import io.velo.backend.Backend;
import io.velo.testing.Backends;
import io.velo.testing.Picks;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class LeastConnectionTest {

    private final LeastConnection strategy = new LeastConnection(bound -> 0);

    @Nested
    @DisplayName("S7: ties go round and weight counts")
    class TheLeastLoaded {

        @Test
        void isTakenInTurnWhileAllAreIdle() {
            Picker picker = strategy.pickerFor(candidates("a", "b", "c"));

            assertThat(Picks.next(7, picker)).containsExactly("a", "b", "c", "a", "b", "c", "a");
        }

        @Test
        void isTakenInTurnWhileAllAreEquallyBusy() {
            Picker picker =
                    strategy.pickerFor(List.of(candidate("a", 1, 2), candidate("b", 1, 2), candidate("c", 1, 2)));

            assertThat(Picks.next(4, picker)).containsExactly("a", "b", "c", "a");
        }

        @Test
        void isTakenInTurnAmongEqualsOnly() {
            Picker picker = strategy.pickerFor(
                    List.of(candidate("a", 1, 1), candidate("b", 1, 4), candidate("c", 1, 1), candidate("d", 1, 2)));

            assertThat(Picks.next(4, picker)).containsExactly("a", "c", "a", "c");
        }

        @Test
        void isTheOneWithTheFewestRequests() {
            Picker picker =
                    strategy.pickerFor(List.of(candidate("a", 1, 3), candidate("b", 1, 1), candidate("c", 1, 2)));

            assertThat(Picks.next(2, picker)).containsExactly("b", "b");
        }

        @Test
        void isReckonedPerWeight() {
            Picker picker = strategy.pickerFor(List.of(candidate("a", 1, 2), candidate("b", 3, 5)));

            assertThat(Picks.next(picker)).isEqualTo("b");
        }

        @Test
        void getsRequestsInProportionToItsWeightAsTheyStay() {
            Picker picker = strategy.pickerFor(candidates(1, 3));

            List<String> picks = Stream.generate(() -> Picks.next(picker, backend -> backend.tryEnter()))
                    .limit(8)
                    .toList();

            assertThat(Collections.frequency(picks, "a")).isEqualTo(2);
            assertThat(Collections.frequency(picks, "b")).isEqualTo(6);
        }

        @Test
        void isNotAlwaysTheFirstForAWeightAboveOne() {
            Picker picker = strategy.pickerFor(candidates(2, 4, 6));

            assertThat(Picks.next(6, picker)).containsExactly("a", "b", "c", "a", "b", "c");
        }
    }

    @Nested
    class Refusals {

        @Test
        void areFollowedByTheOthersFromTheLeastLoadedToTheMost() {
            Picker picker = strategy.pickerFor(
                    List.of(candidate("a", 1, 3), candidate("b", 1, 1), candidate("c", 1, 2), candidate("d", 9, 9)));

            assertThat(Picks.offers(picker)).containsExactly("b", "d", "c", "a");
        }

        @Test
        void areFollowedByEqualsInTurn() {
            Picker picker = strategy.pickerFor(candidates("a", "b", "c"));
            Picks.next(picker);

            assertThat(Picks.offers(picker)).containsExactly("b", "c", "a");
        }

        @Test
        void ofAllLeaveTheTurnAsItWas() {
            Picker picker = strategy.pickerFor(candidates("a", "b", "c"));
            Picks.next(picker);
            Picks.offers(picker);

            assertThat(Picks.next(picker)).isEqualTo("b");
        }

        @Test
        void ofOneBackendDontDoubleTheLoadOfItsNeighbour() {
            Picker picker = strategy.pickerFor(candidates("a", "b", "c"));

            List<String> picks = Stream.generate(
                            () -> Picks.next(picker, backend -> !backend.id().equals("a")))
                    .limit(4)
                    .toList();

            assertThat(picks).containsExactly("b", "c", "b", "c");
        }
    }

    @Nested
    @DisplayName("S8: the turn doesn't jump when health flips")
    class Changes {

        private final Candidate a = candidate("a", 1, 0);
        private final Candidate b = candidate("b", 1, 0);
        private final Candidate c = candidate("c", 1, 0);
        private final Candidate d = candidate("d", 1, 0);

        @Test
        void goOnAfterTheLastPick() {
            pick(2, a, b, c);

            assertThat(pick(3, b, c, d)).containsExactly("c", "d", "b");
        }

        @Test
        void goOnAfterTheOneBeforeWhenTheLastPickHasGone() {
            pick(2, a, b, c);

            assertThat(pick(3, a, c)).containsExactly("c", "a", "c");
        }

        @Test
        void takeInOneThatComesBack() {
            pick(1, a, c);

            assertThat(pick(3, a, b, c)).containsExactly("b", "c", "a");
        }

        @Test
        void surviveThatAllAreNew() {
            pick(2, a, b);

            assertThat(pick(2, c, d)).containsExactly("c", "d");
        }
    }

    /** Where a look at each would take too long. */
    @Nested
    class OfMany {

        private static final int MANY = LeastConnection.EXACT_UP_TO + 36;

        private final List<Candidate> candidates =
                IntStream.range(0, MANY).mapToObj(i -> candidate("b" + i, 1, 0)).toList();
        private final SplittableRandom random = new SplittableRandom(3);
        private final Picker picker = new LeastConnection(random::nextInt).pickerFor(candidates);

        @Test
        void isTheOneWhoseTurnItIsIfThatIsIdle() {
            List<String> picks = Picks.next(2 * MANY, picker);

            assertThat(picks.subList(0, MANY)).doesNotHaveDuplicates();
            assertThat(picks.subList(MANY, 2 * MANY)).isEqualTo(picks.subList(0, MANY));
        }

        @Test
        void isHardlyEverMoreLoadedThanTheLeast() {
            for (int i = 0; i < 50 * MANY; i++) {
                picker.offer(Picks.REQUEST, Backend::tryEnter);
                if (i > 20 * MANY) {
                    candidates.get(random.nextInt(MANY)).backend().leave(); // may be one too many for an idle one
                }
            }

            assertThat(candidates.stream()
                            .mapToInt(each -> each.backend().inFlight())
                            .filter(load -> load < 17 || load > 23)
                            .count())
                    .as("loads that are more than 3 off 20")
                    .isLessThanOrEqualTo(MANY / 10);
        }

        @Test
        void isFollowedByAllOthers() {
            Backends.occupy(candidates.get(5).backend(), 2);

            List<String> offers = Picks.offers(picker);

            assertThat(offers).hasSize(MANY).doesNotHaveDuplicates().endsWith("b5");
        }

        @Test
        void doesntRunOverTheEndOfNumbers() {
            Picker late = new LeastConnection(bound -> bound - 1).pickerFor(candidates);

            assertThat(Picks.next(3, late)).containsExactly("b" + (MANY - 1), "b0", "b1");
        }
    }

    @Test
    void startsAtARandomPlace() {
        Picker picker = new LeastConnection(bound -> bound - 1).pickerFor(candidates("a", "b", "c"));

        assertThat(Picks.next(3, picker)).containsExactly("c", "a", "b");
    }

    @Test
    void takesTheOnlyOne() {
        Picker picker = strategy.pickerFor(List.of(candidate("a", 3, 100)));

        assertThat(Picks.next(2, picker)).containsExactly("a", "a");
        assertThat(Picks.next(picker, backend -> false)).isEqualTo("none");
    }

    private List<String> pick(int times, Candidate... candidates) {
        return Picks.next(times, strategy.pickerFor(List.of(candidates)));
    }
}
