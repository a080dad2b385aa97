package io.velo.backend;

/** Told of each ending of a lease. Called on the thread that ended it, usually an event loop: must not block. */
@FunctionalInterface
public interface OutcomeListener {

    /** Called exactly once for each lease, whatever ended it. */
    void ended(Backend backend, Outcome outcome);

    /** A request has waited so many nanoseconds for a backend of this pool with room, in vain or not. */
    default void waited(String pool, long nanos) {}
}
