package io.velo.backend;

/** Told of each change of state, in order per pool, outside any lock. Must not block for long. */
public interface TransitionListener {

    /** A backend's state changed. */
    void changed(Transition transition);

    /** A pool went into panic mode ({@code true}) or left it: in it, health and breakers are ignored. */
    default void panic(String pool, boolean on) {}

    /** A backend that was drained holds no request any more. */
    default void drained(Drained drained) {}
}
