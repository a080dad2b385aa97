package io.velo.pool;

import io.velo.backend.Outcome;
import io.velo.strategy.RequestView;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Sends a share of one pool's clients to another pool, each client always to the same side, and stops by itself when they
 * fare worse there. Thread-safe and lock-free; a choice costs what finding out the client's key costs.
 */
public final class Canary {

    private static final double SLOTS_PER_PERCENT = CanaryKey.SLOTS / 100.0;

    private final String baseline;
    private final CanaryPlan plan;
    private final CanaryWiring wiring;
    private final AtomicReference<State> state;

    Canary(String baseline, CanaryPlan plan, CanaryWiring wiring) {
        this.baseline = baseline;
        this.plan = plan;
        this.wiring = wiring;
        this.state = new AtomicReference<>(begun(plan.percent()));
    }

    private State begun(double percent) {
        int slots = (int) Math.round(percent * SLOTS_PER_PERCENT);
        return new State(percent, slots, new CanaryTally(plan.guard(), nanoTime()), Optional.empty());
    }

    private long nanoTime() {
        return wiring.nanos().getAsLong();
    }

    /** Name of the pool that it is a canary of. */
    public String baseline() {
        return baseline;
    }

    /** What the configuration says of it. */
    public CanaryPlan plan() {
        return plan;
    }

    /** The share of clients that it gets now; 0 after it has stepped back. */
    public double percent() {
        return state.get().percent;
    }

    /** How it came to step back; empty if it didn't. */
    public Optional<StepBack> steppedBack() {
        return state.get().steppedBack;
    }

    /** The requests of the window that went to it. */
    public CanaryFigures canaryFigures() {
        return state.get().tally.figures(true, nanoTime());
    }

    /** The requests of the window that could have gone to it and went to the pool itself. */
    public CanaryFigures baselineFigures() {
        return state.get().tally.figures(false, nanoTime());
    }

    /** Gives it another share and starts to count anew, also after it has stepped back. */
    public void become(double percent) {
        state.set(begun(percent));
    }

    /**
     * Chooses the side of a request.
     *
     * @param own the pool that it is for
     * @param pools where the canary's is
     */
    public Placement place(Pool own, RequestView request, Pools pools) {
        State now = state.get();
        if (now.slots == 0) {
            return Placement.in(own);
        }
        OptionalInt known = plan.key().slot(request);
        boolean gets = known.isEmpty() && plan.key().kind() == CanaryKey.Kind.COOKIE;
        if (known.isEmpty() && !gets) {
            return Placement.in(own);
        }
        int slot = gets ? wiring.randomBelow().applyAsInt(CanaryKey.SLOTS) : known.getAsInt();
        Optional<Pool> other = slot < now.slots ? pools.find(plan.pool()) : Optional.empty();
        String cookie = gets ? CanaryKey.COOKIE + "=" + slot + "; Path=/; HttpOnly; SameSite=Lax" : "";
        return new Placement(other.orElse(own), new Placement.Side(this, now, other.isPresent()), cookie);
    }

    /** A request that was placed has ended. */
    void ended(State then, boolean onCanary, Outcome.Kind kind) {
        if (kind == Outcome.Kind.ABORTED) {
            return; // the client left: nobody's fault
        }
        then.tally.add(onCanary, kind.failure(), nanoTime());
        if (onCanary && kind.failure() && then.tally.tooBad(nanoTime())) {
            stepBack(then);
        }
    }

    private void stepBack(State from) {
        String cause = "its " + from.tally.figures(true, nanoTime()).told() + " are more than "
                + plan.guard().maxErrorRatio() + " times those of pool " + baseline + ", "
                + from.tally.figures(false, nanoTime()).told();
        StepBack told = new StepBack(
                baseline, plan.pool(), from.percent, cause, wiring.clock().instant());
        if (state.compareAndSet(from, new State(0, 0, from.tally, Optional.of(told)))) {
            wiring.listeners().get().forEach(listener -> listener.steppedBack(told));
        }
    }

    /** What is in force, one value so that a request is counted where it was placed. */
    record State(double percent, int slots, CanaryTally tally, Optional<StepBack> steppedBack) {}
}
