package io.velo.gateway.routes;

import io.velo.route.FieldEdit;
import io.velo.route.HeadEdits;
import java.util.function.UnaryOperator;

/**
 * The edits of the filters so far.
 *
 * @param prefixed whether a prefix was put before the path, which the gateway does once in a request
 */
record EditDraft(HeadEdits edits, boolean prefixed) {

    static final EditDraft NONE = new EditDraft(HeadEdits.NONE, false);

    EditDraft path(UnaryOperator<String> next) {
        return new EditDraft(edits.thenPath(next), prefixed);
    }

    EditDraft prefix(UnaryOperator<String> next) {
        return prefixed ? this : new EditDraft(edits.thenPath(next), true);
    }

    EditDraft request(FieldEdit next) {
        return new EditDraft(edits.thenRequest(next), prefixed);
    }

    /** The way back leads through the filters in the other direction. */
    EditDraft answer(FieldEdit next) {
        return new EditDraft(edits.afterAnswer(next), prefixed);
    }

    EditDraft preserveHost() {
        return new EditDraft(edits.preservingHost(), prefixed);
    }
}
