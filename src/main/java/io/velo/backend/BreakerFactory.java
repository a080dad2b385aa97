package io.velo.backend;

/** Makes the breaker of a backend. */
@FunctionalInterface
public interface BreakerFactory {

    /** A new, closed breaker for one backend of the pool. */
    Breaker create(String pool, String backend);
}
