package io.velo.admin;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.velo.backend.Transition;
import java.time.Instant;
import java.util.List;

/**
 * A pool, and what has happened in it.
 *
 * @param transitions its backends' latest changes of state, the latest first
 */
record PoolStory(@JsonUnwrapped PoolView pool, List<TransitionView> transitions) {

    static PoolStory of(PoolView pool, List<Transition> transitions) {
        return new PoolStory(pool, transitions.stream().map(TransitionView::of).toList());
    }

    /** A change of state, as a sentence and in its parts. */
    record TransitionView(Instant at, String backend, String from, String to, String reason, String sentence) {
        static TransitionView of(Transition transition) {
            return new TransitionView(
                    transition.at(),
                    transition.backend(),
                    transition.from().word(),
                    transition.to().word(),
                    transition.cause(),
                    transition.sentence());
        }
    }
}
