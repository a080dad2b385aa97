package io.velo.simulate;

import java.util.Comparator;
import java.util.PriorityQueue;

/** Virtual time in nanoseconds: whatever happens next happens at once. */
final class Timeline {

    private static final Comparator<Event> SOONEST_FIRST =
            Comparator.comparingLong(Event::time).thenComparingLong(Event::order);

    private final PriorityQueue<Event> events = new PriorityQueue<>(SOONEST_FIRST);
    private long now;
    private long scheduled;

    long now() {
        return now;
    }

    void after(long delay, Runnable action) {
        events.add(new Event(now + delay, scheduled++, action));
    }

    /** Runs until nothing is left to happen. */
    void run() {
        while (!events.isEmpty()) {
            Event next = events.remove();
            now = next.time;
            next.action.run();
        }
    }

    private record Event(long time, long order, Runnable action) {}
}
