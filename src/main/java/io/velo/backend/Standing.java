package io.velo.backend;

import java.time.Instant;

/**
 * A backend's condition, with the story behind its state.
 *
 * @param cause what brought the state about, for people
 * @param since when the state was entered, wall-clock
 * @param sinceNanos the same on the monotonic clock
 */
public record Standing(Condition condition, String cause, Instant since, long sinceNanos) {

    /** The state that follows from the condition. */
    public BackendState state() {
        return condition.state();
    }

    /** This standing with a new condition of the same state: cause and time stay. */
    Standing stillWith(Condition next) {
        return new Standing(next, cause, since, sinceNanos);
    }

    /** The same with more to say about it. */
    Standing stillWith(Condition next, String otherCause) {
        return new Standing(next, otherCause, since, sinceNanos);
    }
}
