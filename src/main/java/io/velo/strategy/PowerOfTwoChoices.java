package io.velo.strategy;

import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * Of two different candidates drawn at random, by weight, the one with fewer requests in flight per weight; the one drawn
 * first if they are equal. Far more even than one draw (Mitzenmacher, "The Power of Two Choices in Randomized Load Balancing",
 * 2001), and several balancers don't run into the same backend together, because each draws others. O(1), lock-free.
 */
final class PowerOfTwoChoices implements Strategy {

    private final IntUnaryOperator randomBelow;

    PowerOfTwoChoices(IntUnaryOperator randomBelow) {
        this.randomBelow = randomBelow;
    }

    @Override
    public Picker pickerFor(List<Candidate> candidates) {
        Loads loads = Loads.of(candidates);
        return new Pair(randomBelow, loads, loads::isLess);
    }
}
