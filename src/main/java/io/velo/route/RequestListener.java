package io.velo.route;

import io.velo.pool.Retry;

/** Told of the end of each request. Called on an event loop: must not block. */
public interface RequestListener {

    /** A request ended. Called exactly once for each. */
    void ended(RequestEnd end);

    /**
     * A request came to nothing on one backend of that pool and gets another one, or could have, were it not for its body, its
     * method or the budget.
     */
    default void retried(String pool, Retry.Result result) {}
}
