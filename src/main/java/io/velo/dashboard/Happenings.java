package io.velo.dashboard;

import io.velo.backend.BackendState;
import io.velo.backend.Drained;
import io.velo.backend.Transition;
import io.velo.backend.TransitionListener;
import io.velo.pool.CanaryListener;
import io.velo.pool.StepBack;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** What happened last in all pools, numbered, so that each viewer can be told what is news to it. Thread-safe. */
final class Happenings implements TransitionListener, CanaryListener {

    /** How many it keeps. */
    static final int LENGTH = 100;

    private final InstantSource clock;
    private final Deque<Happening> latest = new ArrayDeque<>(LENGTH);
    private long last;
    private volatile Runnable listener = () -> {};

    /**
     * @param clock wall time, for display
     */
    Happenings(InstantSource clock) {
        this.clock = clock;
    }

    /** Calls this after each change, on the thread that made it, so it must not block. */
    void onChange(Runnable next) {
        listener = next;
    }

    @Override
    public void changed(Transition transition) {
        add(
                transition.at(),
                transition.pool(),
                transition.backend(),
                transition.to().word(),
                transition.sentence());
    }

    @Override
    public void panic(String pool, boolean on) {
        String sentence = on ? "too few backends are eligible, so health is ignored" : "health counts again";
        add(clock.instant(), pool, "", on ? "panic" : "up", sentence);
    }

    @Override
    public void drained(Drained drained) {
        String sentence = drained.backend() + " holds no request any more, after "
                + drained.took().toSeconds() + " s" + (drained.overdue() ? "; the last ones were cut" : "");
        add(drained.at(), drained.pool(), drained.backend(), BackendState.DRAINING.word(), sentence);
    }

    @Override
    public void steppedBack(StepBack stepBack) {
        String sentence = "canary " + stepBack.canary() + " has stepped back: " + stepBack.cause();
        add(stepBack.at(), stepBack.pool(), "", BackendState.EJECTED.word(), sentence);
    }

    private void add(Instant at, String pool, String backend, String state, String sentence) {
        synchronized (latest) {
            if (latest.size() == LENGTH) {
                latest.removeFirst();
            }
            last++;
            latest.addLast(new Happening(last, at, pool, backend, state, sentence));
        }
        listener.run();
    }

    /** All that it keeps, the oldest first. */
    List<Happening> all() {
        synchronized (latest) {
            return List.copyOf(latest);
        }
    }

    /**
     * Something that happened.
     *
     * @param number later ones have higher numbers
     * @param backend its id; empty if it concerns the whole pool
     * @param state what it is in now; {@code panic} for a pool, and as ejected for its canary that is given up
     */
    record Happening(long number, Instant at, String pool, String backend, String state, String sentence) {}
}
