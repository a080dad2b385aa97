package io.velo.route;

import java.util.Optional;
import java.util.function.Predicate;

/**
 * One route.
 *
 * @param id its name
 * @param pool where {@code lb://} leads; empty for another URI
 * @param lane the way its requests take
 * @param why what decided on the lane
 * @param condition which requests it takes; on the gateway lane it may hold for more than the gateway's own predicates do
 * @param edits what the express lane changes on its requests
 */
public record Route(
        String id, Optional<String> pool, Lane lane, String why, Predicate<RouteRequest> condition, HeadEdits edits) {

    /** Stands for no route. The gateway lane answers such requests. */
    public static final Route NONE =
            new Route(RequestEnd.NONE, Optional.empty(), Lane.GATEWAY, "no route", request -> true, HeadEdits.NONE);
}
