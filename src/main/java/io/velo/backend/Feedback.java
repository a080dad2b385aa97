package io.velo.backend;

/**
 * Told by each lease on a backend how its request fares, for strategies that go by more than the number of requests in
 * flight. Whoever wants to be told asks for it by {@link Backend#tell}. Called on event loops by any number of threads at
 * once: must not block.
 */
public interface Feedback {

    /** Nobody wants to know. */
    Feedback NONE = new Feedback() {};

    /** A request holds the backend from now on. */
    default void began() {}

    /**
     * The head of the answer has arrived.
     *
     * @param status 100 to 999
     * @param nanos nanoseconds since the backend was chosen
     */
    default void answered(int status, long nanos) {}

    /** The request doesn't hold the backend any more. Comes once for each {@link #began}. */
    default void ended(Outcome outcome) {}
}
