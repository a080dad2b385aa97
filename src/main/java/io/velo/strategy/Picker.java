package io.velo.strategy;

import io.velo.backend.Backend;
import java.util.function.Predicate;

/** Places requests on one fixed set of candidates. Thread-safe, never blocks. */
@FunctionalInterface
public interface Picker {

    /**
     * Offers candidates to {@code taker} in order of preference, each at most once, until it takes one. A taker refuses a
     * backend that is full, that the request has tried before, or whose breaker permits no more trials.
     *
     * @return whether one was taken
     */
    boolean offer(RequestView request, Predicate<Backend> taker);
}
