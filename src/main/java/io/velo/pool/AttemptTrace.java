package io.velo.pool;

import io.velo.backend.Outcome;
import java.util.function.BiConsumer;

/** Follows one attempt on a backend. Told one thing after another, if not on one thread. Must not block. */
public interface AttemptTrace {

    /** Path and query as the backend gets them. */
    void aimedAt(String target);

    /**
     * The request goes out, perhaps once more on a new connection.
     *
     * @param fields takes name and value of what the backend has to know
     */
    void sent(BiConsumer<String, String> fields);

    /**
     * The attempt is over. Called exactly once.
     *
     * @param status that the backend answered with, 0 if it didn't
     */
    void ended(Outcome outcome, int status);
}
