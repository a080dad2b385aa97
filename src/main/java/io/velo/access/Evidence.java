package io.velo.access;

import java.util.concurrent.CompletionStage;

/** What one mechanism makes of a request. */
public sealed interface Evidence {

    /** The request has nothing for this mechanism. */
    Evidence NOTHING = Plain.NOTHING;

    /** What it has is forged, out of date, unknown or too long. */
    Evidence WRONG = Plain.WRONG;

    /** What it has can't be read in one way only: it is there twice. */
    Evidence MALFORMED = Plain.MALFORMED;

    /** Nobody can tell now. */
    Evidence UNAVAILABLE = Plain.UNAVAILABLE;

    /** It is known who sent the request. */
    record Proven(Identity identity) implements Evidence {}

    /** Somebody who was asked has an answer for the client. */
    record Answered(Refusal refusal) implements Evidence {}

    /** It takes a while. Completed on any thread, never by an exception or a further one of these. */
    record Later(CompletionStage<Evidence> found) implements Evidence {}

    /** Evidence that says no more than its name. */
    enum Plain implements Evidence {
        NOTHING,
        WRONG,
        MALFORMED,
        UNAVAILABLE
    }
}
