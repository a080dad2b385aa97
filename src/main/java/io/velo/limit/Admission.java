package io.velo.limit;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;

/** Whether a request may pass, and what its answer says of it. One that passes has to be ended, whatever becomes of it. */
public final class Admission {

    /** Passes, and nothing is said. */
    static final Admission FREE = new Admission(true, "", "", 0, Admission::nothing);

    private final boolean granted;
    private final String policy;
    private final String state;
    private final long retryAfterSeconds;
    private final AtomicReference<Runnable> release;

    private Admission(boolean granted, String policy, String state, long retryAfterSeconds, Runnable release) {
        this.granted = granted;
        this.policy = policy;
        this.state = state;
        this.retryAfterSeconds = retryAfterSeconds;
        this.release = new AtomicReference<>(release);
    }

    /**
     * May pass.
     *
     * @param state how much is left, as {@code RateLimit} says it; empty if nobody knows
     * @param release run once when the request is over
     */
    static Admission granted(String policy, String state, Runnable release) {
        return new Admission(true, policy, state, 0, release);
    }

    /** May not. */
    static Admission denied(String policy, String state, long retryAfterSeconds) {
        return new Admission(false, policy, state, retryAfterSeconds, Admission::nothing);
    }

    /** Whether the request may pass. */
    public boolean granted() {
        return granted;
    }

    /** Tells the fields of the answer (draft-ietf-httpapi-ratelimit-headers, and RFC 9110 section 10.2.3). */
    public void tell(BiConsumer<String, String> fields) {
        if (!state.isEmpty()) {
            fields.accept("RateLimit-Policy", policy);
            fields.accept("RateLimit", state);
        }
        if (!granted) {
            fields.accept("Retry-After", Long.toString(retryAfterSeconds));
        }
    }

    /** The request is over. Only the first call counts; for any thread. */
    public void end() {
        release.getAndSet(Admission::nothing).run();
    }

    private static void nothing() {
        // is held any more
    }
}
