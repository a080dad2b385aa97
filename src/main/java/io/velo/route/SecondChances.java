package io.velo.route;

import io.velo.backend.Reason;
import io.velo.pool.Lease;
import io.velo.pool.Pool;
import io.velo.pool.Race;
import io.velo.pool.Retry;
import io.velo.pool.Setback;
import java.util.List;
import java.util.Optional;

/**
 * Asks pools whether their requests get another backend: after a failure, after an answer that may be bettered, or beside a backend
 * that is slow. What comes of it is told to who counts. Thread-safe.
 */
public final class SecondChances {

    private final List<RequestListener> listeners;

    public SecondChances(List<RequestListener> listeners) {
        this.listeners = List.copyOf(listeners);
    }

    /** After a failure. If it is granted, {@link #taken} is to be called as soon as there is another backend. */
    public Retry after(Reason why, Pool pool, Setback setback) {
        return told(pool.retries().after(why, setback), pool);
    }

    /**
     * The same after an answer of a status that concerns the pool's retries.
     *
     * @param retryAfter the field's value, empty if it has none
     */
    public Retry after(String retryAfter, Pool pool, Setback setback) {
        return told(pool.retries().after(retryAfter, setback), pool);
    }

    private Retry told(Retry retry, Pool pool) {
        if (!retry.granted() && retry.result() != Retry.Result.NONE) {
            tell(retry.result(), pool);
        }
        return retry;
    }

    /** A request has another backend of this pool. */
    public void taken(Pool pool) {
        tell(Retry.Result.SENT, pool);
    }

    /** Beside a backend that is slow: empty if there may be no other one, or is none. */
    public Optional<Race> beside(Lease first, Setback slow) {
        Optional<Race> race = Race.open(first, slow);
        if (race.isPresent()) {
            tell(Retry.Result.HEDGED, first.pool());
        }
        return race;
    }

    private void tell(Retry.Result result, Pool pool) {
        for (RequestListener listener : listeners) {
            listener.retried(pool.name(), result);
        }
    }
}
