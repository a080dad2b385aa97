package io.velo.route;

import io.velo.pool.AttemptTracer;
import java.util.function.BiConsumer;

/** Follows one request. */
public interface RequestTrace {

    /** Id of the trace that it belongs to, 32 hex digits in lower case. */
    String traceId();

    /** A lane has it in hand, and tells of each attempt. */
    AttemptTracer on(Lane lane);

    /**
     * It goes out to somebody who is no backend of a pool.
     *
     * @param fields takes name and value of what the other side has to know
     */
    void passed(BiConsumer<String, String> fields);

    /** It is over. Called exactly once. */
    void recorded(RequestRecord request);
}
