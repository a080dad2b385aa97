package io.velo.route;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * What a route changes on the heads of request and answer.
 *
 * @param path from the raw path to the one that the backend gets; throws {@link IllegalArgumentException} if no legal path
 *     comes out, and then the request is for the gateway lane
 * @param request changes of the request's fields, in the order in which they are made
 * @param answer changes of the fields of a backend's answer, in the order in which they are made, which is against the
 *     order of the filters; what Velo itself answers isn't changed
 * @param preserveHost whether the backend sees the client's {@code Host} in place of its own
 */
public record HeadEdits(
        UnaryOperator<String> path, List<FieldEdit> request, List<FieldEdit> answer, boolean preserveHost) {

    /** Nothing is changed. */
    public static final HeadEdits NONE = new HeadEdits(UnaryOperator.identity(), List.of(), List.of(), false);

    public HeadEdits {
        request = List.copyOf(request);
        answer = List.copyOf(answer);
    }
    /** These, and then another change of the path. */
    public HeadEdits thenPath(UnaryOperator<String> next) {
        UnaryOperator<String> before = path;
        return new HeadEdits(raw -> next.apply(before.apply(raw)), request, answer, preserveHost);
    }

    /** These, and then another change of the request. */
    public HeadEdits thenRequest(FieldEdit next) {
        List<FieldEdit> edits = new ArrayList<>(request);
        edits.add(next);
        return new HeadEdits(path, edits, answer, preserveHost);
    }

    /** These on the answer that another change has been made on before. */
    public HeadEdits afterAnswer(FieldEdit first) {
        List<FieldEdit> edits = new ArrayList<>(answer);
        edits.add(0, first);
        return new HeadEdits(path, request, edits, preserveHost);
    }

    /** These with the client's {@code Host}. */
    public HeadEdits preservingHost() {
        return new HeadEdits(path, request, answer, true);
    }
}
