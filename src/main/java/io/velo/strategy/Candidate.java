package io.velo.strategy;

import io.velo.backend.Backend;

/**
 * A backend that may be picked.
 *
 * @param weight its share relative to the other candidates, at least 1; in slow start less than configured
 */
public record Candidate(Backend backend, int weight) {
    public Candidate {
        if (weight < 1) {
            throw new IllegalArgumentException("weight of candidate " + backend + " is " + weight + ", not 1 or more");
        }
    }
}
