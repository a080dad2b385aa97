package io.velo.limit;

import io.velo.strategy.RequestView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One request before the limits that it comes under. */
final class Asked {

    private static final long NANOS_IN_SECOND = 1_000_000_000L;

    private final List<Limit> drawn = new ArrayList<>(1);
    private final List<String> keys = new ArrayList<>(1);
    private final List<Draw> draws = new ArrayList<>(1);
    private final List<Runnable> held = new ArrayList<>(0);
    private final LimitListener listener;

    private Asked(LimitListener listener) {
        this.listener = listener;
    }

    /** Lets the request in as far as numbers in flight go; empty if it may not. */
    static Optional<Asked> enter(List<Limit> limits, RequestView request, LimitListener listener) {
        Asked asked = new Asked(listener);
        for (Limit limit : limits) {
            if (!asked.enter(limit, limit.keyOf(request))) {
                asked.leave();
                listener.denied(limit.name(), LimitListener.Cause.CONCURRENCY);
                return Optional.empty();
            }
        }
        return Optional.of(asked);
    }

    private boolean enter(Limit limit, String key) {
        Optional<Runnable> entered = limit.tryEnter(key);
        entered.ifPresent(held::add);
        limit.draw(key).ifPresent(draw -> {
            drawn.add(limit);
            keys.add(key);
            draws.add(draw);
        });
        return entered.isPresent();
    }

    private void leave() {
        held.forEach(Runnable::run);
    }

    List<Draw> draws() {
        return draws;
    }

    /** Draws from the buckets of this process; from all or none. */
    List<Taken> takeHere(long nowNanos) {
        List<Taken> all = new ArrayList<>(draws.size());
        for (int i = 0; i < draws.size(); i++) {
            Taken taken = drawn.get(i).take(keys.get(i), draws.get(i).rate(), nowNanos);
            all.add(taken);
            if (!taken.granted()) {
                giveBack(i);
                return all;
            }
        }
        return all;
    }

    private void giveBack(int before) {
        for (int i = 0; i < before; i++) {
            drawn.get(i).giveBack(keys.get(i), draws.get(i).rate());
        }
    }

    /** What came of the draws decides. */
    Admission judge(List<Taken> taken) {
        StringBuilder policy = new StringBuilder();
        StringBuilder state = new StringBuilder();
        for (int i = 0; i < taken.size(); i++) {
            Limit limit = drawn.get(i);
            Taken each = taken.get(i);
            append(policy, limit.policy());
            append(state, stateOf(limit.name(), each));
            if (!each.granted()) {
                leave();
                listener.denied(limit.name(), LimitListener.Cause.RATE);
                return Admission.denied(limit.policy(), stateOf(limit.name(), each), seconds(each.waitNanos()));
            }
        }
        return Admission.granted(policy.toString(), state.toString(), this::leave);
    }

    /** Passes, though nobody knows how many there were. */
    Admission pass() {
        return Admission.granted("", "", this::leave);
    }

    /** Doesn't pass, since nobody knows how many there were. */
    Admission refuse() {
        leave();
        listener.denied(drawn.get(0).name(), LimitListener.Cause.OUTAGE);
        return Admission.denied("", "", 1);
    }

    private static void append(StringBuilder list, String item) {
        list.append(list.length() == 0 ? "" : ", ").append(item);
    }

    private static String stateOf(String name, Taken taken) {
        long reset = taken.granted() ? taken.resetNanos() : taken.waitNanos();
        return "\"" + name + "\";r=" + taken.remaining() + ";t=" + seconds(reset);
    }

    private static long seconds(long nanos) {
        return Math.max(1, (nanos + NANOS_IN_SECOND - 1) / NANOS_IN_SECOND);
    }
}
