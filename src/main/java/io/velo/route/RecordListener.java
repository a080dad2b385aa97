package io.velo.route;

/**
 * Told of each request of a client when it is over, with all that is known of it: those that Velo refused or answered itself,
 * too. Without such a listener nothing is recorded. Called on an event loop: must not block.
 */
@FunctionalInterface
public interface RecordListener {

    /** A request is over. Called exactly once for each; for a session, at the session's end. */
    void recorded(RequestRecord request);
}
