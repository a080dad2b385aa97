package io.velo.strategy;

import java.util.List;

/** A way to choose a backend. One instance serves one pool for life, so it can keep its place while candidates change. */
@FunctionalInterface
public interface Strategy {

    /**
     * Makes the picker for a new set of candidates. Called one at a time, at each change of the pool.
     *
     * @param candidates never empty, in the order of the configuration
     */
    Picker pickerFor(List<Candidate> candidates);
}
