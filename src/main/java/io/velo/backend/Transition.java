package io.velo.backend;

import java.time.Instant;

/**
 * A backend's state changed.
 *
 * @param cause what brought it about, for people: {@code 3 probes missed: status 500}
 */
public record Transition(String pool, String backend, BackendState from, BackendState to, String cause, Instant at) {

    /** For people: {@code b1 went from up to down: 3 probes missed: status 500}. */
    public String sentence() {
        return backend + " went from " + from.word() + " to " + to.word() + ": " + cause;
    }

    /** Whether the pool lost capacity by it. */
    public boolean lostCapacity() {
        return from.eligible() && !to.eligible();
    }
}
