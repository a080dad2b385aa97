package io.velo.route;

/** Told of the end of each request. Called on an event loop: must not block. */
public interface RequestListener {

    /** A request ended. Called exactly once for each. */
    void ended(RequestEnd end);

    /** A failed attempt is repeated on another backend of that pool, because nothing of the request was sent. */
    default void retried(String pool) {}
}
