package io.velo.websocket;

import io.netty.channel.Channel;
import io.velo.backend.Backend;
import io.velo.backend.MembershipListener;
import io.velo.wire.BackendConnection;
import io.velo.wire.SlowReader;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntUnaryOperator;
import java.util.function.LongSupplier;
import org.springframework.context.SmartLifecycle;

/**
 * All sessions that are open. Ends those of a backend when its time to drain is over, and all before Velo's own server stops.
 * Thread-safe.
 */
public final class Sessions implements MembershipListener, SmartLifecycle {

    private final LongSupplier nanos;
    private final IntUnaryOperator randomBelow;
    private final Duration mostWrite;
    private final Map<Backend, Set<Session>> byBackend = new ConcurrentHashMap<>();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicReference<Runnable> whenNoneIsLeft = new AtomicReference<>(Sessions::nothing);
    private volatile boolean running;
    private volatile boolean stopping;

    /**
     * @param mostWrite how long an end may take nothing of what the other one has said before it left
     */
    public Sessions(LongSupplier nanos, IntUnaryOperator randomBelow, Duration mostWrite) {
        this.nanos = nanos;
        this.randomBelow = randomBelow;
        this.mostWrite = mostWrite;
    }

    /**
     * The session of a connection whose backend has just switched to it. Takes the connection over; who gets it has to open the
     * session for the client, or drop it.
     */
    public Session with(BackendConnection switched) {
        return new Session(this, switched);
    }

    /** How many are open. */
    public int open() {
        return open.get();
    }

    LongSupplier nanos() {
        return nanos;
    }

    /** Who ends a connection if nothing goes out on it for too long. */
    SlowReader slowReader(Channel end) {
        return new SlowReader(end, mostWrite.toNanos(), nanos);
    }

    /** A mask for a frame, never 0. */
    int mask() {
        return 1 + randomBelow.applyAsInt(Integer.MAX_VALUE);
    }

    void add(Session session) {
        open.incrementAndGet();
        byBackend
                .computeIfAbsent(session.terms().backend(), first -> ConcurrentHashMap.newKeySet())
                .add(session);
        if (stopping) {
            session.end(CloseReason.STOPPING);
        }
    }

    void remove(Session session) {
        byBackend.getOrDefault(session.terms().backend(), Set.of()).remove(session);
        if (open.decrementAndGet() == 0) {
            whenNoneIsLeft.getAndSet(Sessions::nothing).run();
        }
    }

    @Override
    public void overdue(Backend backend) {
        byBackend.getOrDefault(backend, Set.of()).forEach(session -> session.end(CloseReason.DRAINED));
    }

    @Override
    public void gone(Backend backend) {
        byBackend.remove(backend);
    }

    @Override
    public void start() {
        running = true;
        stopping = false;
    }

    @Override
    public void stop() {
        stop(Sessions::nothing);
    }

    @Override
    public void stop(Runnable done) {
        running = false;
        stopping = true;
        whenNoneIsLeft.set(done);
        byBackend.values().forEach(all -> all.forEach(session -> session.end(CloseReason.STOPPING)));
        if (open.get() == 0) {
            whenNoneIsLeft.getAndSet(Sessions::nothing).run();
        }
    }

    private static void nothing() {}

    @Override
    public boolean isRunning() {
        return running;
    }
}
