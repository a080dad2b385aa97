package io.velo.backend;

/** The position of a backend's breaker as the pool sees it. */
public enum Circuit {
    /** Requests pass. */
    CLOSED,
    /** No request passes: the backend is ejected. */
    OPEN,
    /** As many requests as the breaker permits pass, to try the backend. */
    HALF_OPEN
}
