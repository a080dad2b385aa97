package io.velo.express;

import io.netty.channel.EventLoop;
import io.netty.util.AsciiString;
import io.velo.backend.Reason;
import io.velo.wire.UpstreamSettings;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one event loop to one backend. Idle ones are taken last in, first out, so that surplus ones grow old and
 * go. Few connects are in progress at once, lest a burst of requests become a storm of handshakes; a request that waits takes
 * whatever comes first, a connection given back or a new one.
 */
final class ConnectionPool {

    private static final int MOST_CONNECTING = 16;

    private final EventLoop eventLoop;
    private final UpstreamSettings settings;
    private final Slots slots;
    private final Connector connector;
    private final Deque<BackendConnection> idle = new ArrayDeque<>();
    private final Deque<Taker> waiting = new ArrayDeque<>();
    private final Alarm impatience;
    private final AtomicInteger open = new AtomicInteger(); // read by the gauges on other threads
    private volatile int unused; // the sizes of both queues, for the same
    private volatile int queued;
    private int connecting;
    private boolean closed;

    ConnectionPool(
            EventLoop eventLoop, UpstreamSettings settings, Slots slots, Connector connector, LongSupplier nanos) {
        this.eventLoop = eventLoop;
        this.settings = settings;
        this.slots = slots;
        this.connector = connector;
        this.impatience = new Alarm(eventLoop, nanos, this::refuseWaiting);
        slots.sharedWith(this);
    }

    /** What {@code Host} says to this backend. */
    AsciiString authority() {
        return connector.authority();
    }

    /**
     * An idle connection, or none; then the taker waits, and is told.
     */
    @Nullable
    BackendConnection take(Taker taker) {
        for (BackendConnection next = idle.pollFirst(); next != null; next = idle.pollFirst()) {
            unused = idle.size();
            if (next.usable()) {
                return next;
            }
        }
        await(taker);
        return null;
    }

    /** Lets a taker wait for a connection that is new, because the one it had was stale. */
    void takeNew(Taker taker) {
        waiting.addFirst(taker);
        queued = waiting.size();
        connectAsNeeded();
    }

    private void await(Taker taker) {
        if (waiting.size() >= settings.queue() + Math.max(0, slots.free()) + connecting) {
            taker.refused(Reason.CONNECTION_LIMIT_REACHED);
            return;
        }
        if (waiting.isEmpty()) {
            impatience.in(settings.queueTimeout().toNanos());
        }
        waiting.addLast(taker);
        queued = waiting.size();
        connectAsNeeded();
    }

    /** A taker doesn't want a connection any more. */
    void forget(Taker taker) {
        waiting.remove(taker);
        queued = waiting.size();
    }

    /** A connection is free for another request. */
    void giveBack(BackendConnection connection) {
        if (closed || connection.old() || (waiting.isEmpty() && slots.wanted())) {
            connection.close();
        } else {
            serve(connection);
        }
    }

    private void serve(BackendConnection connection) {
        Taker next = waiting.pollFirst();
        queued = waiting.size();
        if (next == null) {
            connection.idle();
            idle.addFirst(connection);
            unused = idle.size();
        } else {
            impatience.in(settings.queueTimeout().toNanos());
            next.connected(connection);
        }
    }

    /** A connection is gone. */
    void closed(BackendConnection connection) {
        if (idle.remove(connection)) {
            unused = idle.size();
        }
        open.decrementAndGet();
        slots.release();
        connectAsNeeded();
    }

    /** For other threads: there may be a slot now. */
    void slotFree() {
        eventLoop.execute(this::connectAsNeeded);
    }

    private void connectAsNeeded() {
        while (connecting < Math.min(MOST_CONNECTING, waiting.size()) && !closed) {
            if (!slots.tryTake()) {
                starveIfAlone();
                return;
            }
            connecting++;
            connector.connect(this);
        }
    }
    /** Without a connection of its own nobody would ever give one back here: other loops have to spare one. */
    private void starveIfAlone() {
        if (open.get() == 0 && connecting == 0) {
            slots.starves(this);
        }
    }

    /** For other threads: another loop needs a slot more than this one needs an idle connection. */
    void spareOne() {
        eventLoop.execute(() -> {
            BackendConnection oldest = slots.wanted() ? idle.pollLast() : null;
            if (oldest != null) {
                unused = idle.size();
                oldest.close();
            }
        });
    }

    /** A connect has succeeded. */
    void connected(BackendConnection connection) {
        connecting--;
        open.incrementAndGet();
        connection.established();
        if (closed) {
            connection.close();
        } else {
            serve(connection);
        }
    }

    /** A connect has failed. Without any connection there's no hope for the others that wait, either. */
    void notConnected(Reason why) {
        connecting--;
        slots.release();
        int refused = open.get() == 0 ? waiting.size() : Math.min(1, waiting.size());
        refuse(refused, why);
        connectAsNeeded();
    }

    private void refuseWaiting() {
        refuse(waiting.size(), Reason.CONNECTION_LIMIT_REACHED);
    }

    private void refuse(int count, Reason why) {
        List<Taker> refused = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            refused.add(waiting.removeFirst());
        }
        queued = waiting.size();
        refused.forEach(taker -> taker.refused(why)); // who may turn to this pool again
    }

    /** For other threads: closes what is idle; what is in use is closed when it is given back. */
    void shutDown() {
        eventLoop.execute(() -> {
            closed = true;
            List.copyOf(idle).forEach(BackendConnection::close);
        });
    }

    /** Connections that are open, for any thread. */
    int open() {
        return open.get();
    }

    /** Connections without a request, for any thread. */
    int idle() {
        return unused;
    }

    /** Requests without a connection, for any thread. */
    int waiting() {
        return queued;
    }
}
