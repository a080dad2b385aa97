package io.velo.strategy;

import io.velo.backend.Backend;
import java.util.List;

/**
 * What a pick looks at, one place in memory for each candidate, since it waits for each that isn't in the cache.
 *
 * @param backends the candidates, by their places
 * @param weights theirs
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares them
record Loads(Backend[] backends, int[] weights) {

    static Loads of(List<Candidate> candidates) {
        return new Loads(
                candidates.stream().map(Candidate::backend).toArray(Backend[]::new),
                candidates.stream().mapToInt(Candidate::weight).toArray());
    }

    int count() {
        return weights.length;
    }

    /** Whether it has anything to do. */
    boolean any(int place) {
        return backends[place].inFlight() > 0;
    }

    /** Whether one has less to do per weight than another. */
    boolean isLess(int one, int than) {
        long ofOne = (long) backends[one].inFlight() * weights[than];
        long ofThat = (long) backends[than].inFlight() * weights[one];
        return ofOne < ofThat;
    }

    /** Which of two has less to do per weight, the first one among equals. */
    int less(int one, int other) {
        return isLess(other, one) ? other : one;
    }
}
