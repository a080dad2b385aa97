package io.velo.change;

import io.velo.backend.Backend;
import java.util.List;
import java.util.Optional;

/** What came of an operator's wish. Only {@link Done} has changed anything. */
public sealed interface Edit {

    /**
     * It is as wished.
     *
     * @param backend the backend it was about; empty if it is gone
     * @param changed false if it was so before
     * @param version of the pool now
     */
    record Done(Optional<Backend> backend, boolean changed, long version) implements Edit {}

    /** There is no such pool or no such backend. */
    record Unknown(String what) implements Edit {}

    /** The pool isn't any more as the operator saw it. */
    record Stale(long version) implements Edit {}

    /** Another backend stands in the way. */
    record Conflict(String why) implements Edit {}

    /** What was asked for breaks rules. */
    record Invalid(List<Flaw> flaws) implements Edit {}

    /** One broken rule. */
    record Flaw(String key, String value, String rule) {}
}
