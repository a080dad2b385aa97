package io.velo.strategy;

import java.util.function.IntUnaryOperator;
import java.util.function.LongSupplier;

/**
 * What a strategy may need from its surroundings.
 *
 * @param randomBelow gives a random number from 0 to its argument, exclusive
 * @param nanos monotonic time
 * @param hash what the configuration of its pool says of hashes
 */
public record StrategyContext(IntUnaryOperator randomBelow, LongSupplier nanos, HashRule hash) {

    /** With randomness alone; time stands still. */
    public static StrategyContext of(IntUnaryOperator randomBelow) {
        return new StrategyContext(randomBelow, () -> 0, HashRule.DEFAULT);
    }
}
