package io.velo.route;

import java.util.function.Predicate;

/**
 * One way into a route: a path that it takes, and what else must hold.
 *
 * @param order place of the route among those that are tried
 */
record Candidate(int order, Route route, PathMatch path, Predicate<RouteRequest> others) {

    /** After all others. */
    static final Candidate NONE = new Candidate(Integer.MAX_VALUE, Route.NONE, PathMatch.ANY, request -> true);

    boolean isBefore(Candidate other) {
        return order < other.order;
    }
}
