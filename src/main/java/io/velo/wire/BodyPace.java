package io.velo.wire;

/** How the body of a request has to come in. */
enum BodyPace {
    /** As its client likes: between two messages of a call there may be hours. */
    ANY,
    /** Without long silences. */
    STEADY,
    /** At a rate besides: its length is told, so all of it is there to be sent. */
    BRISK
}
