package io.velo.backend;

/**
 * Told of changes in who belongs to the pools, one at a time and outside the locks that requests may take. Who holds
 * something for a backend, connections or meters, lets go of it when it is told.
 */
public interface MembershipListener {

    /** Pools, their backends or their settings are others now. */
    default void changed() {}

    /** The time that a backend had to drain is over: what still holds it is to be cut. May come more than once. */
    default void overdue(Backend backend) {}

    /** A backend was removed, and no request holds it or ever will. */
    default void gone(Backend backend) {}
}
