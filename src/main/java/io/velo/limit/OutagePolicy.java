package io.velo.limit;

/** What becomes of requests when nobody can say how many there were. */
public enum OutagePolicy {
    /** They pass. */
    ALLOW,
    /** They are refused. */
    DENY,
    /** Each instance goes by what it has seen itself. */
    LOCAL
}
