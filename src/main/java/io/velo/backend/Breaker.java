package io.velo.backend;

import java.time.Duration;

/**
 * Judges one backend by how its requests end. The breaker only proposes: its pool decides whether the backend may be
 * ejected and tells the breaker with {@link #open} or {@link #close}. Implementations are thread-safe and never block.
 */
public interface Breaker extends Counted {

    /** The answer of {@link #tryAcquire()} that means no. */
    long REFUSED = -1;

    /** A breaker that never trips. */
    Breaker NONE = new NeverTrips();

    /**
     * Asks to send one request.
     *
     * @return {@link #REFUSED}, or a permit to be given back to {@link #record} exactly once
     */
    long tryAcquire();

    /**
     * Takes a permit back, with how the request ended. A permit from before the breaker last changed its position says
     * nothing about the backend now and is only dropped.
     */
    Verdict record(long permit, Outcome outcome);

    /**
     * Opens the breaker for a time of its own choosing.
     *
     * @param whenOver run once, on another thread, when the time is over and the breaker has gone half-open
     * @return what was decided
     */
    Ejection open(Runnable whenOver);

    /** Closes the breaker and forgets what it has counted. */
    void close();

    /** Takes on the settings in force, if they are others now. What it decided stays; what it has counted may start anew. */
    void refresh();

    /** What a breaker makes of an outcome. */
    enum Verdict {
        /** Nothing changes. */
        STAY,
        /** The backend has failed too often and should be ejected. */
        TRIP,
        /** The trial went well and the backend should be readmitted. */
        RECOVER
    }

    /**
     * One ejection.
     *
     * @param inARow how many ejections this makes without a readmission between, at least 1
     * @param time how long it lasts
     * @param cause what the breaker counted, for people
     */
    record Ejection(int inARow, Duration time, String cause) {}
}
