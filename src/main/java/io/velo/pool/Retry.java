package io.velo.pool;

import java.util.Locale;

/**
 * Whether a request that came to nothing on one backend goes to another one.
 *
 * @param delayNanos the pause before it does
 */
public record Retry(Result result, long delayNanos) {

    /** No, and there is nothing to be said about it. */
    public static final Retry NONE = new Retry(Result.NONE, 0);

    static final Retry AT_ONCE = new Retry(Result.SENT, 0);
    static final Retry NOT_REPLAYABLE = new Retry(Result.NOT_REPLAYABLE, 0);
    static final Retry BUDGET_EXHAUSTED = new Retry(Result.BUDGET_EXHAUSTED, 0);

    /** Whether it does. */
    public boolean granted() {
        return result == Result.SENT;
    }

    /** What becomes of it. */
    public enum Result {
        /** It isn't that kind of failure, or all attempts are used up, or there is nobody else to ask. */
        NONE,
        /** Another backend gets it. */
        SENT,
        /** Another backend is asked beside the first one, which is slow. */
        HEDGED,
        /** Too many others have been repeated of late. */
        BUDGET_EXHAUSTED,
        /** It must not be sent twice, or its body isn't there any more. */
        NOT_REPLAYABLE;

        private final String word = name().toLowerCase(Locale.ROOT);

        /** Lower-case word for meters. */
        public String word() {
            return word;
        }
    }
}
