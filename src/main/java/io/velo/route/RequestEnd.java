package io.velo.route;

import io.velo.backend.Outcome;
import io.velo.backend.Reason;
import java.util.Optional;

/**
 * How one request of a client ended, whatever became of its attempts.
 *
 * @param route id of the route, {@link #NONE} if there was none
 * @param pool name of the pool, {@link #NONE} if there was none
 * @param lane the way it took
 * @param kind how it ended
 * @param reason why Velo ended it, if it did
 * @param nanos from the arrival of its head to the end of its answer
 */
public record RequestEnd(String route, String pool, Lane lane, Outcome.Kind kind, Optional<Reason> reason, long nanos) {

    /** Stands for no route and no pool. */
    public static final String NONE = "none";

    /** As what it counts for the pool that it went to, of which nothing is said by what lies in the client. */
    public Outcome.Kind kindForPool() {
        return reason.filter(Reason::ofClient).isPresent() ? Outcome.Kind.ABORTED : kind;
    }

    /** The same request, ended because it was malformed. */
    public RequestEnd refused() {
        return new RequestEnd(route, pool, lane, Outcome.Kind.FAILED, Optional.of(Reason.HTTP_REQUEST_ERROR), nanos);
    }
}
