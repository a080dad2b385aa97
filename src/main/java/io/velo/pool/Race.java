package io.velo.pool;

import io.velo.backend.Reason;
import java.util.Optional;

/**
 * One request that asks two backends at once, since the first one is slow. Whichever is answered first leads, and the other is let go,
 * which says nothing of its backend; whichever fails is out, and the other goes on alone. It is decided by the first of
 * {@link #firstLeads}, {@link #secondLeads}, {@link #firstFails} and {@link #secondFails}; call no other after that. Not
 * thread-safe.
 */
public final class Race {

    private final Tried tried;
    private final Lease first;
    private final Lease second;

    private Race(Tried tried, Lease first, Lease second) {
        this.tried = tried;
        this.first = first;
        this.second = second;
    }

    /**
     * Holds a second backend beside the first one, if that may be and there is one. The budget is charged.
     *
     * @param first the hold on the one that is slow
     * @param slow the request, as it stands
     */
    public static Optional<Race> open(Lease first, Setback slow) {
        Pool pool = first.pool();
        Tried tried = slow.tried();
        if (first.ended()
                || !pool.retries().mayHedge(slow)
                || !(pool.acquire(slow.request(), tried.backends()) instanceof Lease second)) {
            return Optional.empty();
        }
        tried.beside(second);
        return Optional.of(new Race(tried, first, second));
    }

    /** The hold on the second backend. */
    public Lease second() {
        return second;
    }

    /** The first one is answered first, or nobody wants an answer any more. */
    public void firstLeads() {
        second.abort(Reason.CLIENT_ABORTED);
    }

    /**
     * The second one is answered first.
     *
     * @return the hold that counts from now on
     */
    public Lease secondLeads() {
        first.abort(Reason.CLIENT_ABORTED);
        return leading();
    }

    /**
     * The first one comes to nothing.
     *
     * @return the hold that counts from now on
     */
    public Lease firstFails(Reason why) {
        first.giveUp(why);
        return leading();
    }

    private Lease leading() {
        tried.leads(second);
        return second;
    }

    /** The second one comes to nothing. What isn't its backend's fault is nobody's: the request goes on. */
    public void secondFails(Reason why) {
        second.giveUp(why.blamesBackend() ? why : Reason.CLIENT_ABORTED);
    }
}
