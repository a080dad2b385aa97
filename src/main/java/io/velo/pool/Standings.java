package io.velo.pool;

import io.velo.backend.Backend;
import io.velo.backend.BackendState;
import io.velo.backend.Condition;
import io.velo.backend.Feedback;
import io.velo.backend.Standing;
import io.velo.strategy.Strategy;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Where the backends of one pool stand, and the view that requests have of it. Reading is for any thread; what changes
 * something is called under the pool's lock alone, and publishes a new view if the candidates changed by it.
 */
final class Standings {

    private final PoolWiring wiring;
    private final Notices notices;
    private volatile Roster roster;
    private volatile View view;
    private boolean held;

    Standings(PoolWiring wiring, Notices notices, PoolSpec spec, Strategy strategy) {
        this.wiring = wiring;
        this.notices = notices;
        this.roster = Roster.of(spec, strategy, List.of(), List.of());
        this.view = View.of(Snapshot.of(spec, List.of(), nanoTime()), strategy, Affinity.OFF);
    }

    Roster roster() {
        return roster;
    }

    View view() {
        return view;
    }

    PoolSpec spec() {
        return roster.spec();
    }

    long nanoTime() {
        return wiring.nanos().getAsLong();
    }

    Instant now() {
        return wiring.clock().instant();
    }

    Notices notices() {
        return notices;
    }

    void enrol(Roster next) {
        roster = next;
    }

    /** Changes a backend's condition; {@code cause} counts only if its state changes by it. */
    void change(Backend backend, String cause, UnaryOperator<Condition> edit) {
        backend.become(edit.apply(backend.standing().condition()), cause, now(), nanoTime())
                .ifPresent(transition -> {
                    notices.add(transition);
                    publish();
                });
    }

    /** Many changes at once, which requests don't see before somebody publishes them. */
    void withoutPublishing(Runnable changes) {
        held = true;
        try {
            changes.run();
        } finally {
            held = false;
        }
    }

    /** Lets requests see how it stands now. */
    void publish() {
        if (held) {
            return;
        }
        Roster now = roster;
        Snapshot before = view.snapshot();
        Snapshot after = Snapshot.of(now.spec(), now.backends(), nanoTime());
        if (before.panic() != after.panic()) {
            notices.addPanic(now.spec().name(), after.panic());
        }
        view = view.followedBy(after, now.strategy(), now.affinity());
    }

    /** Lets requests see it by a picker of another strategy, too. */
    void publishAnew() {
        Strategy strategy = roster.strategy();
        roster.backends().forEach(backend -> backend.tell(Feedback.NONE)); // what the old one wanted to know
        view = View.of(view.snapshot(), strategy, roster.affinity());
        publish();
    }

    Condition warmIf(boolean cameBack, Condition now) {
        return cameBack && !spec().slowStart().isZero() ? now.withWarming(true) : now;
    }

    /** Reckons slow starts again. */
    void warmOn() {
        if (anyWarming()) {
            roster.backends().forEach(this::endWarmingIfDone);
            publish();
        }
    }

    /** Whether some of them warm up. */
    boolean anyWarming() {
        return roster.backends().stream()
                .anyMatch(backend -> backend.standing().condition().warming());
    }

    private void endWarmingIfDone(Backend backend) {
        Standing standing = backend.standing();
        if (standing.state() == BackendState.WARMING
                && nanoTime() - standing.sinceNanos() >= spec().slowStart().toNanos()) {
            change(backend, "slow start done", now -> now.withWarming(false));
        }
    }
}
