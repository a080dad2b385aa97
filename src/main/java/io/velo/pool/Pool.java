package io.velo.pool;

import io.velo.backend.Backend;
import io.velo.backend.Breaker;
import io.velo.backend.Outcome;
import io.velo.backend.OutcomeListener;
import io.velo.backend.ProbeResult;
import io.velo.strategy.RequestView;
import io.velo.strategy.Strategy;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A set of backends with one strategy. {@link #acquire} is lock-free and costs what the strategy costs; everything that
 * changes a backend's state or who belongs to the pool is serial, under one lock, and publishes a new snapshot if the
 * candidates changed.
 */
public final class Pool {

    private final String name;
    private final PoolWiring wiring;
    private final Notices notices;
    private final Standings standings;
    private final Findings findings;
    private final Ejections ejections;
    private final Drains drains;
    private final Members members;
    private final Leases leases;
    private final Retries retries;
    private final Line line;
    private final Object writeLock = new Object();

    public Pool(PoolSpec spec, Strategy strategy, PoolWiring wiring) {
        this.name = spec.name();
        this.wiring = wiring;
        this.notices = new Notices(wiring.transitions(), wiring.members());
        this.standings = new Standings(wiring, notices, spec, strategy);
        this.findings = new Findings(standings);
        this.ejections = new Ejections(standings, this::tryAgain);
        this.drains = new Drains(standings);
        this.members = new Members(standings, drains, wiring);
        this.leases = new Leases(this, standings, drains);
        this.retries = new Retries(standings, wiring.randomBelow());
        this.line = new Line(request -> leases.pick(request, List.of()), this::waited, wiring.nanos());
        members.begin();
    }

    /** Its name. */
    public String name() {
        return name;
    }

    /** What the configuration says of it. */
    public PoolSpec spec() {
        return standings.spec();
    }

    /** Its backends, in the order of the configuration. */
    public List<Backend> backends() {
        return standings.roster().backends();
    }

    /** Backends that were removed and still hold requests. */
    public List<Backend> leaving() {
        return standings.roster().leaving();
    }

    /** The backend of that id. */
    public Optional<Backend> backend(String id) {
        return backends().stream().filter(backend -> backend.id().equals(id)).findFirst();
    }

    /** Whether Velo speaks HTTP/1.1 to all of its backends. */
    public boolean http11() {
        return standings.roster().http11();
    }

    /** How many backends may get requests now; in panic others get some, too. */
    public int eligible() {
        return standings.view().snapshot().eligible();
    }

    /** Whether so few backends are eligible that health and breakers are ignored. */
    public boolean panic() {
        return standings.view().snapshot().panic();
    }

    /** Whether a first round of probes is over: each backend had answered or missed one. Stays so when others join. */
    public boolean settled() {
        return findings.settled();
    }

    /**
     * Picks a backend and holds it for one request: that of its client's cookie, if there is one, or else the strategy's choice.
     * As long as others wait in the {@link #line}, one that comes first has to join it.
     *
     * @param tried backends that this request has had already; they aren't picked again
     */
    public Pick acquire(RequestView request, Collection<Backend> tried) {
        if (tried.isEmpty()) {
            retries.requested(nanoTime());
            if (line.length() > 0) {
                return Leases.FULL;
            }
        }
        return leases.pick(request, tried);
    }

    /** Requests that wait for a backend with room. */
    public Line line() {
        return line;
    }

    /** What decides whether a request that came to nothing tries another backend. */
    public Retries retries() {
        return retries;
    }

    /** Takes in how a probe of one of its backends ended. */
    public void probed(Backend backend, ProbeResult result) {
        locked(() -> findings.add(backend, result));
    }

    /** Gives a backend no new requests; those in flight finish, unless that takes longer than the pool's drain timeout. */
    public void drain(Backend backend) {
        drain(backend, spec().drainTimeout());
    }

    /**
     * The same with a time of its own.
     *
     * @param most how long requests may go on before they are cut; zero for no limit
     */
    public void drain(Backend backend, Duration most) {
        locked(() -> drains.begin(backend, "drained by an operator", most));
    }

    /** Ends a drain. */
    public void resume(Backend backend) {
        locked(() -> {
            if (backends().contains(backend)) {
                drains.cancel(backend, "resumed by an operator");
            }
        });
    }

    /**
     * Takes on another specification of the same name. Backends of the same id and address stay, with all that is known of
     * them; new ones join; others drain and go.
     *
     * @param strategy makes the strategy, should it be another one
     */
    public void become(PoolSpec next, Supplier<Strategy> strategy) {
        if (!next.name().equals(name)) {
            throw new IllegalArgumentException("pool " + name + " cannot become " + next.name());
        }
        locked(() -> members.become(next, strategy));
    }

    /** Lets all its backends drain and go. */
    public void retire() {
        locked(() -> members.become(
                spec().withBackends(List.of()), () -> standings.roster().strategy()));
    }

    /**
     * Looks at the clock: the shares of warming backends have grown, and who has reached its weight is done; drains whose
     * time is over are cut short. Costs little if there is nothing of either.
     */
    public void tick() {
        if (standings.anyWarming() || drains.any()) {
            locked(() -> {
                standings.warmOn();
                drains.checkTime();
            });
        }
    }

    long nanoTime() {
        return wiring.nanos().getAsLong();
    }

    void ended(Backend backend, long permit, Outcome outcome) {
        Breaker.Verdict verdict = permit == Breaker.REFUSED
                ? Breaker.Verdict.STAY
                : backend.breaker().record(permit, outcome);
        backend.concurrency().ended(backend.inFlight(), outcome);
        int left = backend.leave();
        for (OutcomeListener listener : wiring.outcomes()) {
            listener.ended(backend, outcome);
        }
        if (verdict != Breaker.Verdict.STAY) {
            locked(() -> ejections.judge(backend, verdict));
        }
        if (left == 0 && backend.standing().condition().draining()) {
            locked(() -> drains.settle(backend));
        }
        line.serve();
    }

    private void waited(long nanos) {
        for (OutcomeListener listener : wiring.outcomes()) {
            listener.waited(name, nanos);
        }
    }

    private void tryAgain(Backend backend) {
        locked(() -> ejections.over(backend));
    }

    private void locked(Runnable change) {
        synchronized (writeLock) {
            change.run();
        }
        notices.deliver();
        line.serve();
    }
}
