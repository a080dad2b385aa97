package io.velo.strategy;

import static io.velo.testing.Backends.candidate;
import static io.velo.testing.Backends.candidates;
import static org.assertj.core.api.Assertions.assertThat;

import io.velo.backend.Backend;
import io.velo.testing.Picks;
import io.velo.testing.Threads;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Shares are those of 20,000 seeded picks; the tolerance is five standard deviations, 1 in 1.7 million by chance. */
class RandomStrategiesTest {

    private static final int PICKS = 20_000;

    private final IntUnaryOperator random = new SplittableRandom(42)::nextInt;

    @Nested
    class Any {

        @ParameterizedTest
        @ValueSource(ints = {1, 2, 5, 256})
        void isPickedByWeight(int weight) {
            assertShare(new RandomChoice(random).pickerFor(candidates(weight, 1, 3)), "a", weight / (weight + 4.0));
        }

        @Test
        void isPickedWhateverItHasInFlight() {
            Picker picker = new RandomChoice(random).pickerFor(List.of(candidate("a", 1, 1000), candidate("b", 1, 0)));

            assertShare(picker, "a", 0.5);
        }

        @Test
        void isFollowedByAnother() {
            Picker picker = new RandomChoice(random).pickerFor(candidates("a", "b", "c", "d"));
            Map<String, Integer> second = new HashMap<>();

            for (int i = 0; i < PICKS; i++) {
                second.merge(Picks.next(picker, backend -> !backend.id().equals("a")), 1, Integer::sum);
            }

            assertThat(second).containsOnlyKeys("b", "c", "d");
            assertThat(second.values()).allMatch(count -> Math.abs(count - PICKS / 3) < 5 * Math.sqrt(PICKS * 2 / 9.0));
        }
    }

    @Nested
    class TheBetterOfTwo {

        private final PowerOfTwoChoices strategy = new PowerOfTwoChoices(random);

        @ParameterizedTest
        @ValueSource(ints = {1, 2, 5, 256})
        void isPickedByWeightWhileAllAreIdle(int weight) {
            assertShare(strategy.pickerFor(candidates(weight, 1, 3)), "a", weight / (weight + 4.0));
        }

        @Test
        void isTheLessLoadedOne() {
            Picker picker = strategy.pickerFor(List.of(candidate("a", 1, 3), candidate("b", 1, 2)));

            assertThat(Picks.next(100, picker)).containsOnly("b");
        }

        @Test
        void isReckonedPerWeight() {
            Picker picker = strategy.pickerFor(List.of(candidate("a", 1, 2), candidate("b", 3, 5)));

            assertThat(Picks.next(100, picker)).containsOnly("b");
        }

        @Test
        void isNeverTheMostLoadedOneOfAll() {
            Picker picker =
                    strategy.pickerFor(List.of(candidate("a", 1, 9), candidate("b", 1, 1), candidate("c", 1, 5)));

            Map<String, Integer> picked = picked(picker);

            assertThat(picked).containsOnlyKeys("b", "c");
            assertThat(picked.get("b")).as("in two pairs of three").isBetween((int) (PICKS * 0.65), (int)
                    (PICKS * 0.685));
        }

        @Test
        void keepsAThousandBackendsAlmostEven() {
            List<Candidate> candidates = IntStream.range(0, 1000)
                    .mapToObj(i -> candidate("b" + i, 1, 0))
                    .toList();
            Picker picker = strategy.pickerFor(candidates);

            IntStream.range(0, 10_000).forEach(i -> picker.offer(Picks.REQUEST, Backend::tryEnter));

            assertThat(candidates).allMatch(each -> each.backend().inFlight() <= 10 + 4);
        }

        @Test
        void losesNoRequestBetweenThreads() {
            List<Candidate> candidates = candidates("a", "b", "c");
            Picker picker =
                    new PowerOfTwoChoices(bound -> ThreadLocalRandom.current().nextInt(bound)).pickerFor(candidates);

            Threads.together(4, thread -> {
                for (int i = 0; i < 3000; i++) {
                    assertThat(picker.offer(Picks.REQUEST, Backend::tryEnter)).isTrue();
                }
            });

            assertThat(candidates.stream()
                            .mapToInt(each -> each.backend().inFlight())
                            .sum())
                    .isEqualTo(12_000);
        }
    }

    @Nested
    class Refusals {

        @ParameterizedTest
        @ValueSource(ints = {1, 2, 3, 4, 6, 12, 65, 100})
        void letEveryOtherBeOfferedOnce(int backends) {
            String[] ids = IntStream.range(0, backends).mapToObj(i -> "b" + i).toArray(String[]::new);
            for (Strategy each : List.of(new RandomChoice(random), new PowerOfTwoChoices(random))) {
                Picker picker = each.pickerFor(candidates(ids));
                for (int i = 0; i < 20; i++) {
                    assertThat(Picks.offers(picker)).containsExactlyInAnyOrder(ids);
                }
            }
        }

        @Test
        void areFollowedByTheOtherOfThePair() {
            Picker picker =
                    new PowerOfTwoChoices(random).pickerFor(List.of(candidate("a", 1, 1), candidate("b", 1, 2)));

            assertThat(Picks.offers(picker)).containsExactly("a", "b");
        }

        @Test
        void comeInManyOrders() {
            Picker picker = new RandomChoice(random).pickerFor(candidates("a", "b", "c", "d", "e"));
            List<String> lasts = new ArrayList<>();

            IntStream.range(0, 1000).forEach(i -> lasts.add(Picks.offers(picker).get(4)));

            assertThat(List.of("a", "b", "c", "d", "e"))
                    .allMatch(id -> Collections.frequency(lasts, id) > 130, "last about every fifth time");
        }
    }

    private static void assertShare(Picker picker, String id, double share) {
        double deviation = Math.sqrt(PICKS * share * (1 - share));
        assertThat((double) picked(picker).getOrDefault(id, 0))
                .isBetween(PICKS * share - 5 * deviation, PICKS * share + 5 * deviation);
    }

    private static Map<String, Integer> picked(Picker picker) {
        Map<String, Integer> picked = new HashMap<>();
        Picks.next(PICKS, picker).forEach(id -> picked.merge(id, 1, Integer::sum));
        return picked;
    }
}
