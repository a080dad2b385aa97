package io.velo.strategy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WeightedDrawTest {

    @ParameterizedTest
    @ValueSource(
            strings = {"1", "1 1", "5 1 1", "1 2 3", "256 1", "1 256 1", "3 5 7 11", "1 1 1 100", "20 20 2", "7 7 7"})
    void givesEachPlaceExactlyItsShareOfAllPossibleDraws(String text) {
        int[] weights =
                Arrays.stream(text.split(" ")).mapToInt(Integer::parseInt).toArray();
        int total = Arrays.stream(weights).sum();
        int[] drawn = new int[weights.length];

        for (int column = 0; column < weights.length; column++) {
            for (int part = 0; part < total; part++) {
                drawn[new WeightedDraw(saying(column, part), weights).draw()]++;
            }
        }

        int[] expected =
                Arrays.stream(weights).map(weight -> weight * weights.length).toArray();
        assertThat(drawn).isEqualTo(expected);
    }

    @Test
    void drawsEachOtherPlaceEquallyOftenIfWeightsAreEqual() {
        for (int first = 0; first < 4; first++) {
            int[] drawn = new int[4];
            for (int random = 0; random < 3; random++) {
                drawn[new WeightedDraw(saying(random), 2, 2, 2, 2).drawOther(first)]++;
            }

            assertThat(drawn[first]).as("first=%d", first).isZero();
            assertThat(Arrays.stream(drawn).filter(count -> count == 1).count())
                    .as("first=%d", first)
                    .isEqualTo(3);
        }
    }

    @Test
    void drawsAnotherPlaceHoweverHeavyTheFirstIs() {
        WeightedDraw draws = new WeightedDraw(new SplittableRandom(1)::nextInt, 5120, 1, 1);
        int[] drawn = new int[3];

        for (int i = 0; i < 10_000; i++) {
            drawn[draws.drawOther(0)]++;
        }

        assertThat(drawn[0]).isZero();
        assertThat(drawn[1]).as("half of 10,000, five standard deviations").isBetween(4750, 5250);
    }

    private static IntUnaryOperator saying(Integer... numbers) {
        Iterator<Integer> each = List.of(numbers).iterator();
        return bound -> {
            int next = each.next();
            assertThat(next).isLessThan(bound);
            return next;
        };
    }
}
