package io.velo.backend;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/**
 * One origin server in one pool. Reading is safe from any thread and never blocks; what changes the standing is for the
 * backend's pool alone, which calls it one at a time. Identity is the object: the pool keeps it as long as the
 * configuration names the same id and address.
 */
public final class Backend {

    /** So many below nothing that no request brings it back up: nobody gets in any more. */
    private static final int SEALED = Integer.MIN_VALUE / 2;

    private static final AtomicIntegerFieldUpdater<Backend> IN_FLIGHT =
            AtomicIntegerFieldUpdater.newUpdater(Backend.class, "inFlight");

    // What each request looks at, side by side and no objects of their own where it can be: a pick among many backends
    // waits for each line of memory that isn't in the cache.
    private volatile int inFlight;
    private volatile int configuredMost;
    private final Breaker breaker;
    private final ConcurrencyLimit concurrency;
    private volatile Feedback feedback = Feedback.NONE;

    private final String pool;
    private volatile BackendSpec spec;
    private volatile Standing standing;
    private volatile Optional<ProbeResult> lastProbe = Optional.empty();
    private volatile Optional<Breaker.Ejection> lastEjection = Optional.empty();

    /** Without a limit but the one that is configured. */
    public Backend(String pool, BackendSpec spec, Breaker breaker, Standing initial) {
        this(pool, spec, breaker, ConcurrencyLimit.NONE, initial);
    }

    public Backend(String pool, BackendSpec spec, Breaker breaker, ConcurrencyLimit concurrency, Standing initial) {
        this.pool = pool;
        this.breaker = breaker;
        this.concurrency = concurrency;
        this.spec = spec;
        this.configuredMost = most(spec);
        this.standing = initial;
    }

    /** Name of the pool it belongs to. */
    public String pool() {
        return pool;
    }

    /** Its name, unique in the pool. */
    public String id() {
        return spec.id();
    }

    /** What the configuration says of it. */
    public BackendSpec spec() {
        return spec;
    }

    /** Its breaker. */
    public Breaker breaker() {
        return breaker;
    }

    /** How many requests it may have, as far as that is learnt. */
    public ConcurrencyLimit concurrency() {
        return concurrency;
    }

    /** How many requests it may have at once, by configuration and by what was learnt; {@link Integer#MAX_VALUE} for any number. */
    public int mostInFlight() {
        return Math.min(configuredMost, concurrency.limit());
    }

    private static int most(BackendSpec spec) {
        return spec.maxInFlight() == 0 ? Integer.MAX_VALUE : spec.maxInFlight();
    }

    /** Requests that hold it now, 0 or more. */
    public int inFlight() {
        return Math.max(0, inFlight);
    }

    /** Its condition and how it came about. */
    public Standing standing() {
        return standing;
    }

    /** Its state now. */
    public BackendState state() {
        return standing.state();
    }

    /** How the latest probe ended; empty before the first. */
    public Optional<ProbeResult> lastProbe() {
        return lastProbe;
    }

    /** The latest ejection; empty if there was none since the last readmission. */
    public Optional<Breaker.Ejection> lastEjection() {
        return lastEjection;
    }

    /** Counts one more request in, unless it is full. */
    public boolean tryEnter() {
        int most = mostInFlight();
        if (most == Integer.MAX_VALUE) {
            boolean open = IN_FLIGHT.incrementAndGet(this) > 0;
            if (!open) {
                IN_FLIGHT.decrementAndGet(this);
            }
            return open;
        }
        int before = IN_FLIGHT.getAndUpdate(this, now -> now >= 0 && now < most ? now + 1 : now);
        return before >= 0 && before < most;
    }

    /**
     * Counts one request out.
     *
     * @return how many are left
     */
    public int leave() {
        return IN_FLIGHT.decrementAndGet(this);
    }

    /** Who is told how requests fare. */
    public Feedback feedback() {
        return feedback;
    }

    /** For the pool's strategy: has this one told of the requests that begin from now on. */
    public void tell(Feedback next) {
        feedback = next;
    }

    /** For the pool: lets nobody in any more, unless somebody is in. Who chose it a moment ago has to choose again. */
    public boolean trySeal() {
        return IN_FLIGHT.compareAndSet(this, 0, SEALED);
    }

    /** For the pool: takes on what the configuration says of it now; id and address are the same. */
    public void adopt(BackendSpec next) {
        spec = next;
        configuredMost = most(next);
    }

    /** For the pool: takes on another condition; {@code cause} counts only if the state or the readiness changes. */
    public Optional<Transition> become(Condition next, String cause, Instant now, long nowNanos) {
        Standing before = standing;
        if (before.state() == next.state()) {
            boolean otherWord = before.condition().readiness() != next.readiness();
            standing = otherWord ? before.stillWith(next, cause) : before.stillWith(next);
            return Optional.empty();
        }
        standing = new Standing(next, cause, now, nowNanos);
        return Optional.of(new Transition(pool, id(), before.state(), next.state(), cause, now));
    }

    /** For the pool: remembers a probe. */
    public void remember(ProbeResult result) {
        lastProbe = Optional.of(result);
    }

    /** For the pool: remembers an ejection, or forgets it. */
    public void remember(Optional<Breaker.Ejection> ejection) {
        lastEjection = ejection;
    }

    @Override
    public String toString() {
        return pool + "/" + id();
    }
}
