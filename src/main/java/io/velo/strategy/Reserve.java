package io.velo.strategy;

import io.velo.backend.Backend;
import io.velo.backend.BackendState;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The cold ones among some candidates: backends in slow start, whose weight is for now a part of their own. Each time it is
 * the turn of a cold one it saves that part, and it takes its turn when it has saved a whole: with three tenths of its weight
 * it takes the 4th, 7th and 10th of ten turns and passes the others on. What was saved outlives a change of the candidates.
 * Thread-safe, O(1) for each turn, and free if nobody is cold.
 */
final class Reserve {

    static final Reserve NONE = new Reserve(Map.of());

    private final Map<Backend, Savings> cold;

    private Reserve(Map<Backend, Savings> cold) {
        this.cold = cold;
    }

    /** That of the next candidates. */
    Reserve of(Candidate... next) {
        Map<Backend, Savings> now = new HashMap<>();
        int scale = scaleOf(next);
        for (Candidate each : next) {
            int whole = each.backend().spec().weight() * scale;
            if (each.backend().state() == BackendState.WARMING && each.weight() < whole) {
                Savings before = cold.get(each.backend());
                AtomicInteger saved = before == null ? new AtomicInteger() : before.saved;
                now.put(each.backend(), new Savings(whole, saved));
            }
        }
        return now.isEmpty() ? NONE : new Reserve(now);
    }

    /** How much finer than configured weights are reckoned now. */
    static int scaleOf(Candidate... candidates) {
        int scale = 1;
        for (Candidate each : candidates) {
            scale = Math.max(
                    scale, each.weight() / Math.max(1, each.backend().spec().weight()));
        }
        return scale;
    }

    /** Whether it is cold. */
    boolean holds(Candidate candidate) {
        return cold.containsKey(candidate.backend());
    }

    /** Whether this candidate, whose turn it is, leaves it to another. */
    boolean passes(Candidate candidate) {
        if (cold.isEmpty()) {
            return false;
        }
        Savings savings = cold.get(candidate.backend());
        return savings != null && !savings.add(candidate.weight());
    }

    private record Savings(int whole, AtomicInteger saved) {

        /** Whether the whole has come together, which is spent then. */
        boolean add(int part) {
            int before = saved.getAndUpdate(now -> now + part >= whole ? now + part - whole : now + part);
            return before + part >= whole;
        }
    }
}
