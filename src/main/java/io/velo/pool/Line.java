package io.velo.pool;

import io.velo.backend.Reason;
import io.velo.strategy.RequestView;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Requests that wait because each backend that might take them is full, first come, first served. Thread-safe. To join, to leave
 * and to be served cost O(1), however many wait.
 */
public final class Line {

    private final Function<RequestView, Pick> pick;
    private final LongConsumer waited;
    private final LongSupplier nanos;
    private final Deliveries served = new Deliveries();
    private final Set<Place> places = new LinkedHashSet<>();
    private volatile int length;

    /**
     * @param pick chooses a backend without regard to the line
     * @param waited told for how long each request has waited, in nanoseconds, whatever became of it
     */
    Line(Function<RequestView, Pick> pick, LongConsumer waited, LongSupplier nanos) {
        this.pick = pick;
        this.waited = waited;
        this.nanos = nanos;
    }

    /** How many wait. */
    public int length() {
        return length;
    }

    /**
     * Joins at the end.
     *
     * @param most how many may wait
     * @param served given the hold on a backend when it is this one's turn, on any thread; perhaps before this returns
     * @return its place; empty if so many wait already
     */
    public Optional<Place> join(RequestView request, int most, Consumer<Lease> served) {
        Place place = new Place(request, served, nanos.getAsLong());
        synchronized (places) {
            if (places.size() >= most) {
                return Optional.empty();
            }
            places.add(place);
            length = places.size();
        }
        serve(); // a backend may have got room since it was asked
        return Optional.of(place);
    }

    /** Serves as many as there is room for. Costs nothing if nobody waits. */
    void serve() {
        if (length == 0) {
            return;
        }
        synchronized (places) {
            while (!places.isEmpty()) {
                Place first = places.iterator().next();
                if (!(pick.apply(first.request) instanceof Lease lease)) {
                    break;
                }
                drop(first);
                served.add(() -> first.serve(lease));
            }
        }
        served.deliver();
    }

    private boolean drop(Place place) {
        synchronized (places) {
            boolean waiting = places.remove(place);
            length = places.size();
            return waiting;
        }
    }

    /** One request's place in the line. */
    public final class Place {

        private final RequestView request;
        private final Consumer<Lease> served;
        private final long sinceNanos;

        private Place(RequestView request, Consumer<Lease> served, long sinceNanos) {
            this.request = request;
            this.served = served;
            this.sinceNanos = sinceNanos;
        }

        private void serve(Lease lease) {
            tellWait();
            try {
                served.accept(lease);
            } catch (RuntimeException e) {
                lease.abort(Reason.PROXY_INTERNAL_ERROR); // its event loop has ended
            }
        }

        private void tellWait() {
            waited.accept(nanos.getAsLong() - sinceNanos);
        }

        /**
         * Leaves the line.
         *
         * @return false if it isn't in it any more, because it has been or is being served
         */
        public boolean leave() {
            boolean left = drop(this);
            if (left) {
                tellWait();
            }
            return left;
        }
    }
}
