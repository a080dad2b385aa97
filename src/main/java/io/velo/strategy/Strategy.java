package io.velo.strategy;

import io.velo.backend.BackendSpec;
import java.util.List;
import java.util.function.IntUnaryOperator;

/** A way to choose a backend. One instance serves one pool for life, so it can keep its place while candidates change. */
@FunctionalInterface
public interface Strategy {

    /**
     * Makes the picker for a new set of candidates. Called one at a time, at each change of the pool.
     *
     * @param candidates never empty, in the order of the configuration
     */
    Picker pickerFor(List<Candidate> candidates);

    /**
     * The same for strategies that also look at those who aren't candidates now.
     *
     * @param members all backends of the pool that have a weight
     */
    default Picker pickerFor(List<Candidate> candidates, List<BackendSpec> members) {
        return pickerFor(candidates);
    }

    /**
     * A number from 0 to {@code bound}, exclusive, evenly spread over requests, by which a request is told to a group of
     * candidates. Requests that belong together get the same.
     *
     * @param randomBelow gives a random number from 0 to its argument, exclusive
     */
    default int lot(RequestView request, int bound, IntUnaryOperator randomBelow) {
        return randomBelow.applyAsInt(bound);
    }
}
