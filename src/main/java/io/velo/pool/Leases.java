package io.velo.pool;

import io.velo.backend.Backend;
import io.velo.backend.Reason;
import io.velo.strategy.RequestView;
import java.util.Collection;

/**
 * Hands out the leases of one pool. Each looks at one view of the pool, and at the next one only if nobody of the first was to
 * be had. Lock-free, for any thread; costs what the strategy costs.
 */
final class Leases {

    static final Pick FULL = new Pick.None(Reason.CONNECTION_LIMIT_REACHED);

    private final Pool pool;
    private final Standings standings;
    private final Drains drains;

    /**
     * @param pool told of each lease's end
     * @param drains says who may come back to a backend that drains
     */
    Leases(Pool pool, Standings standings, Drains drains) {
        this.pool = pool;
        this.standings = standings;
        this.drains = drains;
    }

    /**
     * Holds the backend of the client's cookie, if there is one, or else the strategy's choice.
     *
     * @param tried backends that aren't picked again
     */
    Pick pick(RequestView request, Collection<Backend> tried) {
        View now = standings.view();
        return now.affinity().on() ? pickWanted(now, request, tried) : pickAny(now, request, tried);
    }

    private Pick pickWanted(View now, RequestView request, Collection<Backend> tried) {
        Acquisition acquisition = new Acquisition(tried, false);
        if (now.affinity()
                .wanted(request)
                .filter(drains::takesBack)
                .filter(acquisition)
                .isPresent()) {
            return leaseOf(acquisition);
        }
        Pick pick = pickAny(now, request, tried);
        if (pick instanceof Lease lease) {
            lease.bindBy(now.affinity());
        }
        return pick;
    }

    @SuppressWarnings("ReferenceEquality") // another view, whatever is in it
    private Pick pickAny(View first, RequestView request, Collection<Backend> tried) {
        View now = first;
        while (true) {
            Acquisition acquisition = new Acquisition(tried, now.snapshot().panic());
            if (now.picker().offer(request, acquisition)) {
                return leaseOf(acquisition);
            }
            View next = standings.view();
            if (next == now) {
                return acquisition.full() ? FULL : now.snapshot().none();
            }
            now = next; // who was to be had a moment ago may have gone meanwhile, and others have come
        }
    }

    private Lease leaseOf(Acquisition acquisition) {
        return new Lease(pool, acquisition.taken(), acquisition.permit(), standings.nanoTime());
    }
}
