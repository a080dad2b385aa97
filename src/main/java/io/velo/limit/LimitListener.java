package io.velo.limit;

/** Is told of refused requests. Called on the request's thread, so it has to be quick. */
public interface LimitListener {

    /** A request was refused by this limit. */
    void denied(String limit, Cause cause);

    /** Why. */
    enum Cause {
        /** There were too many in too short a time. */
        RATE,
        /** There are too many at once. */
        CONCURRENCY,
        /** Nobody knows how many there were, and then none shall pass. */
        OUTAGE
    }
}
