package io.velo.wire;

import java.util.Locale;

/** Told of what became of each request that was to be copied. Called on event loops: must not block. */
@FunctionalInterface
public interface MirrorListener {

    /**
     * It has come to its end.
     *
     * @param pool the pool whose request it was
     * @param mirror the pool that gets copies
     */
    void ended(String pool, String mirror, Result result);

    /** What became of one. */
    enum Result {
        /** The copy was answered, whatever the status; the answer was thrown away. */
        ANSWERED,
        /** The copy was sent, or was to be sent, and not answered. */
        FAILED,
        /** No copy was made: too many were on their way. */
        DROPPED,
        /** No copy was sent: the body is too large. */
        TOO_LARGE,
        /** No copy was sent: the pool for copies had no backend to offer. */
        UNAVAILABLE,
        /** No copy was sent: the request itself broke off, or it asked for a session. */
        BROKEN_OFF;

        private final String word = name().toLowerCase(Locale.ROOT);

        /** As meters say it: lower case. */
        public String word() {
            return word;
        }
    }
}
