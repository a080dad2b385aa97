package io.velo.wire;

import io.netty.channel.EventLoop;
import io.velo.backend.Reason;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Requests of one event loop that wait for a connection, first come, first served, each for a bounded time. */
final class WaitingLine {

    private final Slots slots;
    private final LongSupplier nanos;
    private final long patienceNanos;
    private final Deque<Waiting> line = new ArrayDeque<>();
    private final Alarm impatience;

    WaitingLine(EventLoop eventLoop, Slots slots, long patienceNanos, LongSupplier nanos) {
        this.slots = slots;
        this.nanos = nanos;
        this.patienceNanos = patienceNanos;
        this.impatience = new Alarm(eventLoop, nanos, this::refuseImpatient);
    }

    int size() {
        return line.size();
    }

    void addLast(Taker taker) {
        add(new Waiting(taker, nanos.getAsLong() + patienceNanos), false);
    }

    void addFirst(Taker taker) {
        add(new Waiting(taker, nanos.getAsLong() + patienceNanos), true);
    }

    private void add(Waiting waiting, boolean first) {
        if (line.isEmpty()) {
            impatience.in(patienceNanos);
        }
        if (first) {
            line.addFirst(waiting);
        } else {
            line.addLast(waiting);
        }
    }

    /** The next in line, who leaves it; none if nobody waits. */
    @Nullable
    Taker poll() {
        Waiting next = line.pollFirst();
        if (next == null) {
            return null;
        }
        slots.waitOver(1);
        return next.taker;
    }

    /** A taker leaves the line, if it is in it. */
    void forget(Taker taker) {
        if (line.removeIf(waiting -> waiting.taker == taker)) {
            slots.waitOver(1);
        }
    }

    /** Refuses the first of them. */
    void refuse(int count, Reason why) {
        List<Taker> refused = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            refused.add(line.removeFirst().taker);
        }
        slots.waitOver(count);
        refused.forEach(taker -> taker.refused(why)); // who may come back at once
    }

    private void refuseImpatient() {
        long now = nanos.getAsLong();
        int late = 0;
        for (Waiting waiting : line) {
            if (waiting.until - now > 0) {
                break;
            }
            late++;
        }
        refuse(late, Reason.CONNECTION_LIMIT_REACHED);
        Waiting next = line.peekFirst();
        if (next != null) {
            impatience.in(next.until - now);
        }
    }

    private record Waiting(Taker taker, long until) {}
}
