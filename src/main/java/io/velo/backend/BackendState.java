package io.velo.backend;

import java.util.Locale;

/**
 * Where a backend stands, in order of precedence: the first that applies is the state. Only a drain outranks what
 * probes found, and only probes outrank the breaker, so a passing probe never cancels an ejection and a failing one
 * never shortens it.
 */
public enum BackendState {
    /** An operator took it out, it isn't named any more, or it is about to end: requests in flight finish, none is added. */
    DRAINING,
    /** Probes hold it unhealthy, or whoever found it says that it isn't ready. */
    DOWN,
    /** The breaker is open: it failed too often. */
    EJECTED,
    /** The breaker is half-open: it gets as many requests as the breaker permits. */
    TRIAL,
    /** It has just come back or joined: its share grows from a tenth to its weight. */
    WARMING,
    /** It gets its share. */
    UP;

    private final String word = name().toLowerCase(Locale.ROOT);

    /** The state as meters and logs say it: lower case. */
    public String word() {
        return word;
    }

    /** Whether a backend in this state may get new requests, a permit of its breaker provided. */
    public boolean eligible() {
        return this == TRIAL || this == WARMING || this == UP;
    }
}
