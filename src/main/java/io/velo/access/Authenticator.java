package io.velo.access;

import java.util.Set;

/** One mechanism. Thread-safe. */
public interface Authenticator {

    /** Paths at which it answers requests itself, whatever the rules say. */
    default Set<String> ownPaths() {
        return Set.of();
    }

    /** Looks at a request. Called on an event loop: must not block. */
    Evidence examine(AccessRequest request);

    /**
     * The value of {@code WWW-Authenticate} that asks for it; empty if there is no such thing.
     *
     * @param wrong whether the request had something of the kind that wasn't good
     */
    default String challenge(boolean wrong) {
        return "";
    }
}
