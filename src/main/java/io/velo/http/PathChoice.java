package io.velo.http;

/** What becomes of a path that a backend could read in another way than Velo's routes do. */
public enum PathChoice {
    /** It is passed on as it came. */
    AS_IS,
    /** It is refused. */
    REJECT,
    /** It is passed on in its plainest form, by which it is also routed; what has none is refused. */
    NORMALIZE
}
