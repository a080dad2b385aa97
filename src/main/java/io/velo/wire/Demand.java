package io.velo.wire;

import io.netty.channel.Channel;
import io.velo.backend.Reason;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Requests of one event loop that wait for a connection to one backend, and the connections that are made for them. As many
 * connects are in progress as who waits needs, but few at once, lest a burst of requests become a storm of handshakes. Each of
 * them takes a slot, and gives it back when it fails or its connection is gone. For one event loop.
 */
final class Demand {

    private static final int MOST_CONNECTING = 16;

    private final ConnectionPool pool;
    private final Slots slots;
    private final Connector connector;
    private final WaitingLine waiting;
    private final int queue;
    private final AtomicInteger open = new AtomicInteger(); // read by the gauges on other threads
    private int connecting;
    private int each; // requests that a new connection takes, as far as is known
    private boolean closed;

    /**
     * @param pool told how connects end
     * @param waiting a line without anybody
     * @param queue most requests of all event loops that wait
     */
    Demand(ConnectionPool pool, Slots slots, Connector connector, WaitingLine waiting, int queue) {
        this.pool = pool;
        this.slots = slots;
        this.connector = connector;
        this.waiting = waiting;
        this.queue = queue;
        this.each = connector.requestsExpected();
    }

    /** One more waits, or is refused if too many do. */
    void join(Taker taker) {
        if (!slots.tryWait(queue, each)) {
            taker.refused(Reason.CONNECTION_LIMIT_REACHED);
            return;
        }
        waiting.addLast(taker);
        connectAsNeeded();
    }

    /** One more waits, however many do, and comes before them. */
    void joinFirst(Taker taker) {
        slots.tryWait(Integer.MAX_VALUE >> 1, 1);
        waiting.addFirst(taker);
    }

    /** One doesn't wait any more, if it does. */
    void leave(Taker taker) {
        waiting.forget(taker);
    }

    /** Who has waited for longest, and doesn't any more; none if nobody waits. */
    @Nullable
    Taker next() {
        return waiting.poll();
    }

    /** Whether nobody waits. */
    boolean none() {
        return waiting.size() == 0;
    }

    /** Whether another loop needs a slot more than this one needs a connection without a request. */
    boolean elsewhere() {
        return none() && slots.wanted();
    }

    /** Begins to connect for those for whom nobody does. */
    void connectAsNeeded() {
        while (connecting < Math.min(MOST_CONNECTING, (waiting.size() + each - 1) / each) && !closed) {
            if (!slots.tryTake()) {
                starveIfAlone();
                return;
            }
            connecting++;
            connector.connect(pool);
        }
    }

    /** Without a connection of its own nobody would ever give one back here: other loops have to spare one. */
    private void starveIfAlone() {
        if (open.get() == 0 && connecting == 0) {
            slots.starves(pool);
        }
    }

    /**
     * A connect has succeeded.
     *
     * @param takes how many requests the connection takes at once
     */
    void opened(Channel connection, int takes) {
        each = takes;
        connectEnded();
        open.incrementAndGet();
        slots.opened(connection);
    }

    private void connectEnded() {
        connecting--;
        slots.connectEnded();
    }

    /** A connect has failed. Without any connection there's no hope for the others that wait, either. */
    void failed(Reason why) {
        connectEnded();
        slots.release();
        waiting.refuse(open.get() == 0 ? waiting.size() : Math.min(1, waiting.size()), why);
        connectAsNeeded();
    }

    /** A connection is gone. */
    void gone() {
        open.decrementAndGet();
        slots.release();
        connectAsNeeded();
    }

    /** Whether nobody waits, and nothing is open or about to be. */
    boolean over() {
        return open.get() == 0 && connecting == 0 && none();
    }

    /** Nothing is connected any more. */
    void close() {
        closed = true;
    }

    boolean closed() {
        return closed;
    }

    /** Connections that are open, for any thread. */
    int open() {
        return open.get();
    }
}
