package io.velo.pool;

import io.velo.backend.Backend;
import io.velo.backend.BackendSpec;
import io.velo.backend.BackendState;
import io.velo.backend.Breaker;
import io.velo.backend.Circuit;
import io.velo.backend.Condition;
import io.velo.backend.Health;
import io.velo.backend.Outcome;
import io.velo.backend.OutcomeListener;
import io.velo.backend.ProbeResult;
import io.velo.backend.Reason;
import io.velo.backend.Standing;
import io.velo.strategy.RequestView;
import io.velo.strategy.Strategy;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A set of backends with one strategy. {@link #acquire} is lock-free and costs what the strategy costs; everything that
 * changes a backend's state is serial, under one lock, and publishes a new snapshot if the candidates changed.
 */
public final class Pool {

    private final PoolSpec spec;
    private final Strategy strategy;
    private final PoolWiring wiring;
    private final List<Backend> backends;
    private final Notices notices;
    private final EjectionCap ejectionCap;
    private final Object writeLock = new Object();
    private volatile View view;

    public Pool(PoolSpec spec, Strategy strategy, PoolWiring wiring) {
        this.spec = spec;
        this.strategy = strategy;
        this.wiring = wiring;
        this.notices = new Notices(wiring.transitions());
        this.backends = spec.backends().stream().map(this::newBackend).toList();
        this.ejectionCap = new EjectionCap(spec.maxEjected(), backends);
        this.view = View.of(Snapshot.of(spec, backends, nanoTime()), strategy);
    }

    /** Its name. */
    public String name() {
        return spec.name();
    }

    /** What the configuration says of it. */
    public PoolSpec spec() {
        return spec;
    }

    /** Its backends, in the order of the configuration. */
    public List<Backend> backends() {
        return backends;
    }

    /** The backend of that id. */
    public Optional<Backend> backend(String id) {
        return backends.stream().filter(backend -> backend.id().equals(id)).findFirst();
    }

    /** How many backends may get requests now; in panic others get some, too. */
    public int eligible() {
        return view.snapshot().eligible();
    }

    /** Whether so few backends are eligible that health and breakers are ignored. */
    public boolean panic() {
        return view.snapshot().panic();
    }

    /** Whether each backend has answered or missed its first probe. */
    public boolean settled() {
        return backends.stream()
                .allMatch(backend -> backend.standing().condition().health().probed());
    }

    /**
     * Picks a backend and holds it for one request.
     *
     * @param tried backends that this request has had already; they aren't picked again
     */
    public Pick acquire(RequestView request, Collection<Backend> tried) {
        View now = view;
        Acquisition acquisition = new Acquisition(tried, now.snapshot().panic());
        if (now.picker().offer(request, acquisition)) {
            return new Lease(this, acquisition.taken(), acquisition.permit(), nanoTime());
        }
        return new Pick.None(
                acquisition.full()
                        ? Reason.CONNECTION_LIMIT_REACHED
                        : now.snapshot().none().reason());
    }

    /** Takes in how a probe of one of its backends ended. */
    public void probed(Backend backend, ProbeResult result) {
        synchronized (writeLock) {
            backend.remember(result);
            Health before = backend.standing().condition().health();
            Health after = before.after(result.passed(), spec.thresholds());
            boolean cameBack = before.probed() && !before.healthy() && after.healthy();
            String cause = (result.passed() ? "probe passed: " : "probe missed: ") + result.detail();
            change(backend, cause + stillEjected(backend, after), now -> warmIf(cameBack, now.withHealth(after)));
        }
        notices.deliver();
    }

    /** What else holds a backend back that probes would let go. */
    private static String stillEjected(Backend backend, Health after) {
        return backend.lastEjection()
                .filter(ejection -> after.healthy())
                .map(ejection -> ", but ejected before: " + ejection.cause())
                .orElse("");
    }

    /** Gives a backend no new requests; those in flight finish. */
    public void drain(Backend backend) {
        synchronized (writeLock) {
            change(backend, "drained by an operator", now -> now.withDraining(true));
        }
        notices.deliver();
    }

    /** Ends a drain. */
    public void resume(Backend backend) {
        synchronized (writeLock) {
            boolean cameBack = backend.state() == BackendState.DRAINING;
            change(backend, "resumed by an operator", now -> warmIf(cameBack, now.withDraining(false)));
        }
        notices.deliver();
    }

    /** Reckons slow starts again: shares have grown, and who has reached its weight is done. Costs little if none is on. */
    public void tick() {
        if (backends.stream()
                .noneMatch(backend -> backend.standing().condition().warming())) {
            return;
        }
        synchronized (writeLock) {
            backends.forEach(this::endWarmingIfDone);
            publish();
        }
        notices.deliver();
    }

    long nanoTime() {
        return wiring.nanos().getAsLong();
    }

    void ended(Backend backend, long permit, Outcome outcome) {
        Breaker.Verdict verdict = permit == Breaker.REFUSED
                ? Breaker.Verdict.STAY
                : backend.breaker().record(permit, outcome);
        backend.leave();
        for (OutcomeListener listener : wiring.outcomes()) {
            listener.ended(backend, outcome);
        }
        if (verdict != Breaker.Verdict.STAY) {
            judge(backend, verdict);
        }
    }

    private void judge(Backend backend, Breaker.Verdict verdict) {
        synchronized (writeLock) {
            Circuit circuit = backend.standing().condition().circuit();
            if (circuit == Circuit.HALF_OPEN) {
                settleTrial(backend, verdict);
            } else if (circuit == Circuit.CLOSED && verdict == Breaker.Verdict.TRIP) {
                ejectOrSpare(backend); // not for a success that came in beside the one that ended the trial
            }
        }
        notices.deliver();
    }

    private void settleTrial(Backend backend, Breaker.Verdict verdict) {
        if (verdict == Breaker.Verdict.RECOVER) {
            readmit(backend);
        } else {
            eject(backend);
        }
    }

    private void ejectOrSpare(Backend backend) {
        if (ejectionCap.allows(backend)) {
            eject(backend);
        } else {
            backend.breaker().close(); // it stays in service and has to fail as often again
        }
    }

    private void eject(Backend backend) {
        Breaker.Ejection ejection = backend.breaker().open(() -> tryAgain(backend));
        backend.remember(Optional.of(ejection));
        String cause = ejection.cause() + ", for " + ejection.time().toMillis() + " ms";
        change(backend, cause, now -> now.withCircuit(Circuit.OPEN).withWarming(false));
    }

    private void tryAgain(Backend backend) {
        synchronized (writeLock) {
            change(backend, "ejection over", now -> now.withCircuit(Circuit.HALF_OPEN));
        }
        notices.deliver();
    }

    private void readmit(Backend backend) {
        backend.breaker().close();
        backend.remember(Optional.empty());
        change(backend, "trial passed", now -> warmIf(true, now.withCircuit(Circuit.CLOSED)));
    }

    private Condition warmIf(boolean cameBack, Condition now) {
        return cameBack && !spec.slowStart().isZero() ? now.withWarming(true) : now;
    }

    private void endWarmingIfDone(Backend backend) {
        Standing standing = backend.standing();
        if (standing.condition().warming()
                && standing.state() == BackendState.WARMING
                && nanoTime() - standing.sinceNanos() >= spec.slowStart().toNanos()) {
            change(backend, "slow start done", now -> now.withWarming(false));
        }
    }

    private void change(Backend backend, String cause, UnaryOperator<Condition> edit) {
        backend.become(
                        edit.apply(backend.standing().condition()),
                        cause,
                        wiring.clock().instant(),
                        nanoTime())
                .ifPresent(transition -> {
                    notices.add(transition);
                    publish();
                });
    }

    private void publish() {
        Snapshot before = view.snapshot();
        Snapshot after = Snapshot.of(spec, backends, nanoTime());
        if (before.panic() != after.panic()) {
            notices.addPanic(name(), after.panic());
        }
        view = view.followedBy(after, strategy);
    }

    private Backend newBackend(BackendSpec backend) {
        Condition fresh = new Condition(false, spec.probed() ? Health.UNKNOWN : Health.ASSUMED, Circuit.CLOSED, false);
        Standing initial = new Standing(fresh, "started", wiring.clock().instant(), nanoTime());
        return new Backend(name(), backend, wiring.breakers().create(name(), backend.id()), initial);
    }
}
