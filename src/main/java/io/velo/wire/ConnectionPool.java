package io.velo.wire;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.util.AsciiString;
import io.velo.backend.Reason;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one event loop to one backend: idle ones, those that take one request more, and new ones where there are
 * neither. A request that waits takes whatever comes first, a connection given back or a new one.
 */
public final class ConnectionPool implements Keeper {

    private final EventLoop eventLoop;
    private final UpstreamSettings settings;
    private final Slots slots;
    private final Connector connector;
    private final IdleConnections idle = new IdleConnections();
    private final SharedConnections shared = new SharedConnections();
    private final Demand demand;
    private @Nullable Tap tap;
    private boolean retired;

    ConnectionPool(
            EventLoop eventLoop, UpstreamSettings settings, Slots slots, Connector connector, LongSupplier nanos) {
        this.eventLoop = eventLoop;
        this.settings = settings;
        this.slots = slots;
        this.connector = connector;
        WaitingLine nobody =
                new WaitingLine(eventLoop, slots, settings.queueTimeout().toNanos(), nanos);
        this.demand = new Demand(this, slots, connector, nobody, settings.queue());
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
        BackendConnection free = idle.take();
        if (free == null) {
            free = shared.stream();
        }
        if (free == null) {
            demand.join(taker);
        }
        return free;
    }

    /** Lets a taker wait for a connection that is new, or another one that is shared, because the one it had was stale. */
    public void takeNew(Taker taker) {
        demand.joinFirst(taker);
        eventLoop.execute(this::serveWaiting);
    }

    /** A taker doesn't want a connection any more. */
    public void forget(Taker taker) {
        demand.leave(taker);
    }

    @Override
    public void giveBack(BackendConnection connection) {
        if (demand.closed() || connection.old() || demand.elsewhere()) {
            connection.close();
        } else {
            serve(connection);
        }
    }

    private void serve(BackendConnection connection) {
        Taker next = demand.next();
        if (next == null && retired) {
            connection.close();
        } else if (next == null) {
            idle.add(connection);
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
        idle.remove(connection);
        demand.gone();
        leaveIfDone();
    }

    @Override
    public Reason whyLost() {
        return Reason.CONNECTION_TERMINATED;
    }

    /** Another pool takes its place: who waits is still served, what is given back is closed. */
    void retire() {
        retired = true;
        shared.retire();
        idle.closeAll();
        leaveIfDone();
    }

    private void leaveIfDone() {
        if (retired && demand.over()) {
            slots.forget(this);
        }
    }

    /** For other threads: there may be a slot now. */
    void slotFree() {
        eventLoop.execute(demand::connectAsNeeded);
    }

    /** For other threads: another loop needs a slot more than this one needs an idle connection. */
    void spareOne() {
        eventLoop.execute(() -> {
            boolean spared = slots.wanted() && idle.closeOldest();
            if (!spared && demand.elsewhere()) {
                shared.spareOne();
            }
        });
    }

    /** A connect has succeeded. */
    void connected(BackendConnection connection) {
        demand.opened(connection.channel(), 1);
        connection.established();
        if (demand.closed()) {
            connection.close();
        } else {
            serve(connection);
            demand.connectAsNeeded(); // who still waits must not wait for an end of those that are served
        }
    }

    /** The same for a connection that takes many requests at once. */
    void connected(SharedConnection connection) {
        demand.opened(connection.channel(), connection.most());
        shared.add(connection);
        if (demand.closed()) {
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
        while (!demand.none()) {
            BackendConnection stream = shared.stream();
            Taker next = stream == null ? null : demand.next();
            if (stream == null || next == null) {
                break;
            }
            next.connected(stream);
        }
        demand.connectAsNeeded();
    }

    /** A request on a shared connection has ended, or it allows more of them. */
    void roomIn(SharedConnection connection) {
        shared.look(connection);
        if (demand.elsewhere()) {
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
        demand.gone();
        leaveIfDone();
    }

    /** A connect has failed. */
    void notConnected(Reason why) {
        demand.failed(why);
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
            demand.close();
            shared.retire();
            idle.closeAll();
            alsoThere.run();
        });
    }

    /** Connections that are open, for any thread. */
    int open() {
        return demand.open();
    }

    /** Connections without a request, for any thread. */
    int idle() {
        return idle.number() + shared.idle();
    }
}
