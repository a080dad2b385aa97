package io.velo.backend;

import java.util.Locale;

/** The position of a backend's breaker as the pool sees it. */
public enum Circuit {
    /** Requests pass. */
    CLOSED,
    /** No request passes: the backend is ejected. */
    OPEN,
    /** As many requests as the breaker permits pass, to try the backend. */
    HALF_OPEN;

    private final String words = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** For people and endpoints: {@code closed}, {@code open}, {@code half-open}. */
    public String words() {
        return words;
    }
}
