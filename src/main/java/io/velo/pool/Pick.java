package io.velo.pool;

import io.velo.backend.Reason;

/** The answer to a request for a backend: a {@link Lease}, or {@link None} with the reason. */
public sealed interface Pick permits Lease, Pick.None {

    /** No backend can take the request. */
    record None(Reason reason) implements Pick {}
}
