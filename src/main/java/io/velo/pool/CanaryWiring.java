package io.velo.pool;

import java.time.InstantSource;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What canaries need from the world around them.
 *
 * @param randomBelow gives a random number from 0 to its argument, exclusive
 * @param nanos monotonic time
 * @param clock wall-clock time, for display
 * @param listeners gives those who are told when one steps back
 */
public record CanaryWiring(
        IntUnaryOperator randomBelow,
        LongSupplier nanos,
        InstantSource clock,
        Supplier<List<CanaryListener>> listeners) {}
