package io.velo.wire;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.velo.backend.Reason;
import io.velo.pool.Lease;
import io.velo.pool.Line;
import io.velo.strategy.RequestView;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** One request's wait for a backend with room. May be left from any thread. */
public final class Room {

    /** Who waits, and is told once what comes of it, unless it has left: on the event loop, or before {@link #await} returns. */
    public interface Guest {

        /** It is this one's turn. */
        void served(Lease lease);

        /** Too many wait already, or it has taken too long. */
        void turnedAway();
    }

    private final EventLoop eventLoop;
    private final Guest guest;
    private final AtomicBoolean over = new AtomicBoolean();
    private volatile Line.@Nullable Place place;
    private volatile @Nullable Future<?> timer;

    public Room(EventLoop eventLoop, Guest guest) {
        this.eventLoop = eventLoop;
        this.guest = guest;
    }

    /**
     * Waits in a line; call it once.
     *
     * @param most how many may wait there
     * @param longest how long this one waits
     */
    public void await(Line line, RequestView request, int most, Duration longest) {
        Optional<Line.Place> joined = line.join(request, most, lease -> eventLoop.execute(() -> served(lease)));
        if (joined.isEmpty()) {
            over.set(true);
            guest.turnedAway();
            return;
        }
        Line.Place mine = joined.get();
        place = mine;
        timer = eventLoop.schedule(() -> waitedTooLong(mine), longest.toNanos(), TimeUnit.NANOSECONDS);
        if (over.get()) {
            leave(); // while it was joining
        }
    }

    private void served(Lease lease) {
        if (over.compareAndSet(false, true)) {
            cancelTimer();
            guest.served(lease);
        } else {
            lease.abort(Reason.CLIENT_ABORTED); // whoever waited has left
        }
    }

    private void waitedTooLong(Line.Place mine) {
        if (mine.leave()) {
            over.set(true);
            guest.turnedAway();
        }
    }

    private void cancelTimer() {
        Future<?> running = timer;
        if (running != null) {
            running.cancel(false);
        }
    }

    /** Waits no longer; no effect if it is over. */
    public void leave() {
        over.set(true);
        cancelTimer();
        Line.Place mine = place;
        if (mine != null) {
            mine.leave();
        }
    }
}
