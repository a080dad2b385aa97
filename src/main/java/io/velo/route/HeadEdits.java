package io.velo.route;

import java.util.List;
import java.util.function.UnaryOperator;

/**
 * What a route changes on the heads of request and answer.
 *
 * @param path from the raw path to the one that the backend gets
 * @param request changes of the request's fields, in order
 * @param answer changes of the answer's fields, in order
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
}
