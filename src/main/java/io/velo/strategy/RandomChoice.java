package io.velo.strategy;

import java.util.List;
import java.util.function.IntUnaryOperator;

/** Any candidate, each as often as its weight says, whatever it has in flight. O(1), lock-free, and needs no memory. */
final class RandomChoice implements Strategy {

    private final IntUnaryOperator randomBelow;

    RandomChoice(IntUnaryOperator randomBelow) {
        this.randomBelow = randomBelow;
    }

    @Override
    public Picker pickerFor(List<Candidate> candidates) {
        return new Pair(randomBelow, Loads.of(candidates), Pair.Order.DRAWN);
    }
}
