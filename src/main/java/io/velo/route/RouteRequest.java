package io.velo.route;

import io.velo.strategy.RequestView;
import java.util.List;

/** A request as routes look at it. Valid only during the call. */
public interface RouteRequest extends RequestView {

    /** The path without the query, not decoded. */
    String path();

    /** The query without its question mark, not decoded; empty if there is none. */
    String query();

    /** All values of a header field, its name in any case, in their order; empty if there is none. */
    List<String> headers(String name);
}
