package io.velo.wire;

import io.netty.channel.Channel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToIntFunction;

/**
 * How many connections to one backend may be open, counted over all event loops. A loop that got no slot is told as soon as
 * another loop can spare one. Thread-safe, lock-free.
 */
final class Slots {

    private volatile int most;
    private final AtomicInteger taken = new AtomicInteger();
    private final AtomicInteger connecting = new AtomicInteger();
    private final AtomicInteger waiting = new AtomicInteger();
    private final List<ConnectionPool> pools = new CopyOnWriteArrayList<>();
    private final ChannelGroup open = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final Queue<ConnectionPool> starving = new ConcurrentLinkedQueue<>();

    Slots(int most) {
        this.most = most;
    }

    /** Lets so many be open from now on; what is above that closes as it grows old or idle. */
    void allow(int number) {
        most = number;
    }

    /** Takes a slot for a connect, if one is free. */
    boolean tryTake() {
        int limit = most;
        boolean took = taken.getAndUpdate(now -> now < limit ? now + 1 : now) < limit;
        if (took) {
            connecting.incrementAndGet();
        }
        return took;
    }

    /** A connect has ended, well or not. */
    void connectEnded() {
        connecting.decrementAndGet();
    }

    /**
     * Counts one more request in that waits, unless the queue is full. Those for which there's room don't count against it.
     *
     * @param each requests that one connection takes
     */
    boolean tryWait(int queue, int each) {
        long room = (long) (most - taken.get() + connecting.get()) * each;
        if (waiting.incrementAndGet() > queue + room) {
            waiting.decrementAndGet();
            return false;
        }
        return true;
    }

    /** Some requests don't wait any more. */
    void waitOver(int count) {
        waiting.addAndGet(-count);
    }

    /** How many requests wait. */
    int waiting() {
        return waiting.get();
    }

    /** One more loop connects to this backend. */
    void sharedWith(ConnectionPool pool) {
        pools.add(pool);
    }

    /** What the pools of all loops have in sum. */
    int sum(ToIntFunction<ConnectionPool> figure) {
        return pools.stream().mapToInt(figure).sum();
    }

    /** This pool has requests and neither connections nor a slot: the others are asked for one. */
    void starves(ConnectionPool pool) {
        if (!starving.contains(pool)) {
            starving.add(pool);
            pools.forEach(ConnectionPool::spareOne);
        }
    }

    /** One more connection is open. */
    void opened(Channel channel) {
        open.add(channel);
    }

    /** One is open and not to be cut. */
    void leave(Channel channel) {
        open.remove(channel);
    }

    /** Closes all connections, whatever they are at. */
    void cut() {
        open.close();
    }

    /** A loop doesn't connect by this pool any more. */
    void forget(ConnectionPool pool) {
        pools.remove(pool);
    }

    /**
     * Closes what is idle in all loops.
     *
     * @param inEachLoop run on each of these event loops
     */
    void shutDown(Runnable inEachLoop) {
        pools.forEach(pool -> pool.shutDown(inEachLoop));
    }

    /** Whether an idle connection would be of more use as a slot for another loop. */
    boolean wanted() {
        return !starving.isEmpty();
    }

    /** Gives a slot back. */
    void release() {
        taken.decrementAndGet();
        ConnectionPool next = starving.poll();
        if (next != null) {
            next.slotFree();
        }
    }
}
