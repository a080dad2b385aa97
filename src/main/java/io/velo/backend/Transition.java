package io.velo.backend;

import java.time.Instant;

/**
 * A backend's state changed.
 *
 * @param cause what brought it about, for people: {@code 3 probes missed: status 500}
 */
public record Transition(String pool, String backend, BackendState from, BackendState to, String cause, Instant at) {

    /** Whether the pool lost capacity by it. */
    public boolean lostCapacity() {
        return from.eligible() && !to.eligible();
    }
}
