package io.velo.pool;

import io.velo.backend.Transition;
import io.velo.backend.TransitionListener;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The latest changes of state of each pool. Thread-safe; keeps a fixed number for each pool that ever had one. */
public final class History implements TransitionListener {

    /** How many it keeps of each pool. */
    public static final int LENGTH = 50;

    private final Map<String, Deque<Transition>> byPool = new ConcurrentHashMap<>();

    @Override
    public void changed(Transition transition) {
        Deque<Transition> latest = byPool.computeIfAbsent(transition.pool(), first -> new ArrayDeque<>(LENGTH));
        synchronized (latest) {
            if (latest.size() == LENGTH) {
                latest.removeLast();
            }
            latest.addFirst(transition);
        }
    }

    /** Those of a pool, the latest first; none if nothing has changed in it, or there is no such pool. */
    public List<Transition> of(String pool) {
        Deque<Transition> latest = byPool.get(pool);
        if (latest == null) {
            return List.of();
        }
        synchronized (latest) {
            return List.copyOf(latest);
        }
    }
}
