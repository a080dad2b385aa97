package io.velo.route;

/** Whose requests are answered when not all can be. */
public enum Priority {
    /** The first that have to go. */
    LOW,
    /** As most. */
    NORMAL,
    /** The last that have to go. */
    HIGH
}
