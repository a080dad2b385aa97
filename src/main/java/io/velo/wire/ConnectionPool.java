package io.velo.wire;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.util.AsciiString;
import io.velo.backend.Reason;
import java.util.ArrayDeque;
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
public final class ConnectionPool implements Keeper {

    private static final int MOST_CONNECTING = 16;

    private final EventLoop eventLoop;
    private final UpstreamSettings settings;
    private final Slots slots;
    private final Connector connector;
    private final Deque<BackendConnection> idle = new ArrayDeque<>();
    private final SharedConnections shared = new SharedConnections();
    private final WaitingLine waiting;
    private final AtomicInteger open = new AtomicInteger(); // read by the gauges on other threads
    private volatile int unused; // what is idle, for the same
    private int quiet; // of these, the shared ones
    private @Nullable Tap tap;
    private int connecting;
    private int each; // requests that a new connection takes, as far as is known
    private boolean retired;
    private boolean closed;

    ConnectionPool(
            EventLoop eventLoop, UpstreamSettings settings, Slots slots, Connector connector, LongSupplier nanos) {
        this.eventLoop = eventLoop;
        this.settings = settings;
        this.slots = slots;
        this.connector = connector;
        this.each = connector.requestsExpected();
        this.waiting = new WaitingLine(eventLoop, slots, settings.queueTimeout().toNanos(), nanos);
        slots.sharedWith(this);
    }

    /** Has requests on its connections copied for the mirror of the backend's pool, whenever there is one. */
    void tapBy(Tap by) {
        tap = by;
    }

    /** Whether some requests are copied now. */
    boolean tapped() {
        Tap by = tap;
        return by != null && by.open();
    }

    /** The next request on this connection may be one to copy. */
    void copyNext(BackendConnection connection) {
        Tap by = tap;
        if (by != null) {
            by.copy(connection, authority());
        }
    }

    UpstreamSettings settings() {
        return settings;
    }

    /** What {@code Host} says to this backend. */
    public AsciiString authority() {
        return connector.authority();
    }

    /**
     * An idle connection, or a stream of one that has room for more; or none, then the taker waits, and is told.
     */
    public @Nullable BackendConnection take(Taker taker) {
        for (BackendConnection next = idle.pollFirst(); next != null; next = idle.pollFirst()) {
            unused = idle.size() + quiet;
            if (next.usable()) {
                return next;
            }
        }
        BackendConnection stream = shared.stream();
        if (stream == null) {
            await(taker);
        } else {
            countUnused();
        }
        return stream;
    }

    /** Lets a taker wait for a connection that is new, or another one that is shared, because the one it had was stale. */
    public void takeNew(Taker taker) {
        slots.tryWait(Integer.MAX_VALUE >> 1, 1);
        waiting.addFirst(taker);
        eventLoop.execute(this::serveWaiting);
    }

    private void await(Taker taker) {
        if (!slots.tryWait(settings.queue(), each)) {
            taker.refused(Reason.CONNECTION_LIMIT_REACHED);
            return;
        }
        waiting.addLast(taker);
        connectAsNeeded();
    }

    /** A taker doesn't want a connection any more. */
    public void forget(Taker taker) {
        waiting.forget(taker);
    }

    @Override
    public void giveBack(BackendConnection connection) {
        if (closed || connection.old() || (waiting.size() == 0 && slots.wanted())) {
            connection.close();
        } else {
            serve(connection);
        }
    }

    private void serve(BackendConnection connection) {
        Taker next = waiting.poll();
        if (next == null && retired) {
            connection.close();
        } else if (next == null) {
            connection.idle();
            idle.addFirst(connection);
            unused = idle.size() + quiet;
        } else {
            next.connected(connection);
        }
    }

    @Override
    public void leave(Channel connection) {
        slots.leave(connection);
    }

    @Override
    public void closed(BackendConnection connection) {
        if (idle.remove(connection)) {
            countUnused();
        }
        slotGone();
    }

    private void slotGone() {
        open.decrementAndGet();
        slots.release();
        connectAsNeeded();
        leaveIfDone();
    }

    @Override
    public Reason whyLost() {
        return Reason.CONNECTION_TERMINATED;
    }

    private void countUnused() {
        quiet = shared.idle();
        unused = idle.size() + quiet;
    }

    /** Another pool takes its place: who waits is still served, what is given back is closed. */
    void retire() {
        retired = true;
        shared.retire();
        List.copyOf(idle).forEach(BackendConnection::close);
        leaveIfDone();
    }

    private void leaveIfDone() {
        if (retired && open.get() == 0 && connecting == 0 && waiting.size() == 0) {
            slots.forget(this);
        }
    }

    /** For other threads: there may be a slot now. */
    void slotFree() {
        eventLoop.execute(this::connectAsNeeded);
    }

    private void connectAsNeeded() {
        while (connecting < Math.min(MOST_CONNECTING, (waiting.size() + each - 1) / each) && !closed) {
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
                countUnused();
                oldest.close();
            } else if (slots.wanted() && waiting.size() == 0) {
                shared.spareOne();
            }
        });
    }

    /** A connect has succeeded. */
    void connected(BackendConnection connection) {
        each = 1;
        opened(connection.channel());
        connection.established();
        if (closed) {
            connection.close();
        } else {
            serve(connection);
            connectAsNeeded(); // who still waits must not wait for an end of those that are served
        }
    }

    private void opened(Channel channel) {
        connecting--;
        slots.connectEnded();
        open.incrementAndGet();
        slots.opened(channel);
    }

    /** The same for a connection that takes many requests at once. */
    void connected(SharedConnection connection) {
        each = connection.most();
        opened(connection.channel());
        shared.add(connection);
        if (closed) {
            connection.retire();
            return;
        }
        serveWaiting();
        if (retired) {
            connection.retire();
        }
    }

    /** First with what there is, then with what has to be made. */
    private void serveWaiting() {
        while (waiting.size() > 0) {
            BackendConnection stream = shared.stream();
            Taker next = stream == null ? null : waiting.poll();
            if (stream == null || next == null) {
                break;
            }
            next.connected(stream);
        }
        countUnused();
        connectAsNeeded();
    }

    /** A request on a shared connection has ended, or it allows more of them. */
    void roomIn(SharedConnection connection) {
        shared.look(connection);
        if (waiting.size() == 0 && slots.wanted()) {
            connection.retire();
        }
        serveWaiting();
    }

    /** A shared connection takes no more requests. */
    void retiring(SharedConnection connection) {
        shared.forget(connection);
    }

    /** A shared connection is gone. */
    void closed(SharedConnection connection) {
        shared.remove(connection);
        countUnused();
        slotGone();
    }

    /** A connect has failed. Without any connection there's no hope for the others that wait, either. */
    void notConnected(Reason why) {
        connecting--;
        slots.connectEnded();
        slots.release();
        waiting.refuse(open.get() == 0 ? waiting.size() : Math.min(1, waiting.size()), why);
        connectAsNeeded();
    }

    /**
     * For other threads: closes what is idle; what is in use is closed when it is given back.
     *
     * @param alsoThere run on the pool's own event loop
     */
    void shutDown(Runnable alsoThere) {
        if (eventLoop.isShuttingDown()) {
            return; // and with it all its connections
        }
        eventLoop.execute(() -> {
            closed = true;
            shared.retire();
            List.copyOf(idle).forEach(BackendConnection::close);
            alsoThere.run();
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
}
