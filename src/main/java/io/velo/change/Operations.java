package io.velo.change;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What operators may change while Velo runs. Each change is whole or nothing, takes its turn with reloads, and holds until
 * an operator takes it back or the configuration says something else of the same backend. May wait: not for event loops.
 */
public interface Operations {

    /** The version of a pool: grows with each change of what is configured in it; empty if there is no such pool. */
    OptionalLong version(String pool);

    /**
     * Adds a backend. The same one again is no change.
     *
     * @param expected the version that the operator saw, if that is to be in force still
     */
    Edit add(String pool, BackendDraft draft, OptionalLong expected);

    /** Changes a backend's weight, limit, zone or priority. */
    Edit change(String pool, BackendDraft draft, OptionalLong expected);

    /** Removes a backend: it drains and goes. */
    Edit remove(String pool, String backend, OptionalLong expected);

    /**
     * Gives a backend no new requests.
     *
     * @param most how long requests may go on, zero for no limit; empty for the pool's own
     */
    Edit drain(String pool, String backend, Optional<Duration> most, OptionalLong expected);

    /**
     * Changes the share of a pool's clients that its canary gets, also after the canary has stepped back. It holds until the
     * configuration says something else of this canary.
     *
     * @param percent 0 to 100
     */
    Edit canary(String pool, double percent, OptionalLong expected);

    /** Ends a drain. */
    Edit resume(String pool, String backend, OptionalLong expected);
}
