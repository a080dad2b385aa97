package io.velo.limit;

import io.velo.route.Priority;
import io.velo.strategy.RequestView;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntUnaryOperator;

/**
 * Turns requests away while this process has more to do than it can. A pressure of 0 to 1 rises with each look at the process
 * that finds it late or short of memory, and falls with each that doesn't: from nothing to all in two seconds, and back. Up to a
 * third of it takes its share of the requests of low priority, the second third of normal ones, the last of high ones. Safe for
 * any thread; costs one read as long as there is no pressure.
 */
public final class Overload {

    private static final double STEP = 0.05;
    private static final int PARTS = 1000;
    private static final int THIRDS = 3;

    private final OverloadRule rule;
    private final IntUnaryOperator randomBelow;
    private final LongAdder shed = new LongAdder();
    private volatile double pressure;

    public Overload(OverloadRule rule, IntUnaryOperator randomBelow) {
        this.rule = rule;
        this.randomBelow = randomBelow;
    }

    /**
     * Takes a look at the process into account; to be called ten times a second, by one thread.
     *
     * @param lagNanos how late an event loop was at most
     * @param memory share of the memory that is in use, 0 to 1
     * @return whether this begins or ends a time in which requests are turned away
     */
    public boolean observe(long lagNanos, double memory) {
        double before = pressure;
        boolean late = rule.maxLagNanos() > 0 && lagNanos > rule.maxLagNanos();
        boolean full = rule.maxMemory() > 0 && memory > rule.maxMemory();
        double next = late || full ? Math.min(1, before + STEP) : before - STEP;
        pressure = next < STEP / 2 ? 0 : next;
        return (before == 0) != (pressure == 0);
    }

    /** 0 if all is well, 1 if hardly anything can be answered. */
    public double pressure() {
        return pressure;
    }

    /** How many requests were turned away. */
    public long shed() {
        return shed.sum();
    }

    /**
     * Whether a request is to be turned away.
     *
     * @param usual priority of its route
     * @param trusted whether its peer may speak for others, and so say how urgent it is
     */
    public boolean sheds(Priority usual, boolean trusted, RequestView request) {
        double now = pressure;
        if (now == 0) {
            return false;
        }
        Priority priority = trusted && !rule.priorityField().isEmpty() ? told(request, usual) : usual;
        boolean sheds = randomBelow.applyAsInt(PARTS) < share(priority, now) * PARTS;
        if (sheds) {
            shed.increment();
        }
        return sheds;
    }

    private static double share(Priority priority, double pressure) {
        return Math.max(0, Math.min(1, pressure * THIRDS - thirdsBefore(priority)));
    }

    /** How many thirds of the pressure come before the one that takes requests of this priority. */
    private static int thirdsBefore(Priority priority) {
        return switch (priority) {
            case LOW -> 0;
            case NORMAL -> 1;
            case HIGH -> 2;
        };
    }

    private Priority told(RequestView request, Priority usual) {
        Optional<String> text = request.header(rule.priorityField());
        if (text.isEmpty()) {
            return usual;
        }
        return switch (text.get().strip().toLowerCase(Locale.ROOT)) {
            case "low" -> Priority.LOW;
            case "normal" -> Priority.NORMAL;
            case "high" -> Priority.HIGH;
            default -> usual;
        };
    }
}
