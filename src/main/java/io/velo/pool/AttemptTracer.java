package io.velo.pool;

/** Follows the attempts of one request. */
@FunctionalInterface
public interface AttemptTracer {

    /** A backend is held and about to be asked. */
    AttemptTrace begin(Lease lease);
}
