package io.velo.wire.h2;

import java.util.Locale;

/** Why a client's HTTP/2 connection was ended before its time; its word is the tag of the meter. */
public enum Flood {
    /** More streams opened and reset than a client with a change of mind would have. */
    RAPID_RESET,
    /** Frames by which the client makes this side reset streams, whose requests are under way by then. */
    MADE_YOU_RESET,
    /** A head in more pieces than any head needs. */
    CONTINUATION,
    SETTINGS,
    PING,
    /** Parts of a body with nothing in them. */
    EMPTY_DATA,
    PRIORITY,
    WINDOW_UPDATE,
    /** Frames of types that nobody knows. */
    UNKNOWN_FRAME,
    /** No flood: the client has broken the protocol, once and for all streams. */
    PROTOCOL_ERROR,
    /** A preface or a head that was begun and didn't come. */
    SLOW_HEAD;

    private final String word = name().toLowerCase(Locale.ROOT);

    public String word() {
        return word;
    }
}
