package io.velo.access;

import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Whether a request may pass. */
public sealed interface Verdict {

    /** A verdict that is known. */
    sealed interface Decision extends Verdict {}

    /**
     * It may.
     *
     * @param identity who sent it; empty where nobody asked
     * @param fields by which backends are told, and of which what the client sent is taken out
     */
    record Allow(Optional<Identity> identity, IdentityFields fields) implements Decision {}

    /** It may not. */
    record Refuse(Refusal refusal) implements Decision {}

    /** It isn't known yet. Completed on any thread, never by an exception. */
    record Pending(CompletionStage<Decision> decision) implements Verdict {}
}
