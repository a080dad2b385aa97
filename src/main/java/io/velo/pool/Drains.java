package io.velo.pool;

import io.velo.backend.Backend;
import io.velo.backend.BackendState;
import io.velo.backend.Circuit;
import io.velo.backend.Condition;
import io.velo.backend.Drained;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Takes backends out of service: what they hold may finish in the time that they have, then it is cut. A backend that was
 * removed goes when it holds nothing any more. Clients whose cookies lead to it may come back to it in that time, and so it
 * lasts the whole time then. Called under the pool's lock, {@link #any} and {@link #takesBack} apart.
 */
final class Drains {

    private final Standings standings;
    private final Map<Backend, Drain> running = new ConcurrentHashMap<>();

    Drains(Standings standings) {
        this.standings = standings;
    }

    /** Whether some backend drains or is on its way out; for any thread. */
    boolean any() {
        Roster now = standings.roster();
        return !now.leaving().isEmpty()
                || now.backends().stream().anyMatch(backend -> backend.state() == BackendState.DRAINING);
    }

    /** Gives it no more requests. One that drains already goes on to, in the time that it is given now. */
    void begin(Backend backend, String cause, Duration most) {
        long now = standings.nanoTime();
        Drain before = running.get(backend);
        if (before != null) {
            running.put(backend, new Drain(before.since, now, most, false));
        } else if (backend.state() != BackendState.DRAINING) { // one that has drained before has no news to tell
            running.put(backend, new Drain(now, now, most, false));
        }
        standings.change(backend, cause, standing -> standing.withDraining(true));
        settle(backend);
    }

    /** Ends the drain of a backend that stays. */
    void cancel(Backend backend, String cause) {
        boolean cameBack = backend.state() == BackendState.DRAINING;
        running.remove(backend);
        standings.change(backend, cause, now -> standings.warmIf(cameBack, now.withDraining(false)));
    }

    /** A backend that drains may have come to its last request's end. */
    void settle(Backend backend) {
        if (backend.inFlight() > 0 || isAwaited(backend)) {
            return;
        }
        Drain done = running.remove(backend);
        if (done != null) {
            standings.notices().add(drained(backend, done));
        }
        if (standings.roster().leaving().contains(backend) && backend.trySeal()) {
            standings.enrol(standings.roster().without(backend));
            standings.notices().addForMembers(listener -> listener.gone(backend));
        }
    }

    private Drained drained(Backend backend, Drain done) {
        Duration took = Duration.ofNanos(standings.nanoTime() - done.since);
        return new Drained(backend.pool(), backend.id(), took, done.overdue, standings.now());
    }

    /** Whether clients may still come back, who know nothing of a drain. */
    private boolean isAwaited(Backend backend) {
        Drain drain = running.get(backend);
        return standings.spec().affinity().on()
                && drain != null
                && !drain.most.isZero()
                && !drain.isOver(standings.nanoTime());
    }

    /** Whether a client that wants this backend by its cookie may have it; for any thread. */
    boolean takesBack(Backend backend) {
        Condition condition = backend.standing().condition();
        boolean well = condition.health().healthy() && condition.circuit() != Circuit.OPEN;
        if (!well || !condition.draining()) {
            return well;
        }
        Drain drain = running.get(backend);
        return drain != null && !drain.isOver(standings.nanoTime());
    }

    /** Has cut what still goes on when the time is over. */
    void checkTime() {
        for (Map.Entry<Backend, Drain> each : List.copyOf(running.entrySet())) {
            Backend backend = each.getKey();
            if (each.getValue().isOver(standings.nanoTime()) && backend.inFlight() > 0) {
                running.put(backend, each.getValue().cut());
                standings.notices().addForMembers(listener -> listener.overdue(backend));
            } else {
                settle(backend);
            }
        }
        standings.roster().leaving().forEach(this::settle);
    }

    /**
     * @param from when the time that it has began to run
     */
    private record Drain(long since, long from, Duration most, boolean overdue) {

        boolean isOver(long now) {
            return !most.isZero() && now - from >= most.toNanos();
        }

        Drain cut() {
            return new Drain(since, from, most, true);
        }
    }
}
