package io.velo.route;

/** The way a request takes through Velo. */
public enum Lane {
    /** Spring Cloud Gateway with all its predicates and filters. */
    GATEWAY("gateway"),
    /** Velo's own handler on Netty, for routes of which it knows every predicate and filter. */
    EXPRESS("express");

    private final String word;

    Lane(String word) {
        this.word = word;
    }

    /** The lane as meters and logs say it. */
    public String word() {
        return word;
    }
}
