package io.velo.pool;

import io.velo.backend.Transition;
import io.velo.backend.TransitionListener;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Carries news to the listeners in order, one at a time, and outside the pool's lock, so that a slow log stops no request. */
final class Notices {

    private final List<TransitionListener> listeners;
    private final Queue<Consumer<TransitionListener>> news = new ConcurrentLinkedQueue<>();
    private final AtomicInteger pending = new AtomicInteger();

    Notices(List<TransitionListener> listeners) {
        this.listeners = listeners;
    }

    void add(Transition transition) {
        news.add(listener -> listener.changed(transition));
    }

    void addPanic(String pool, boolean on) {
        news.add(listener -> listener.panic(pool, on));
    }

    /** Delivers what is due, unless another thread is at it; that one will deliver this too. */
    void deliver() {
        if (news.isEmpty() || pending.getAndIncrement() != 0) {
            return;
        }
        int seen = 1;
        do {
            for (Consumer<TransitionListener> item = news.poll(); item != null; item = news.poll()) {
                listeners.forEach(item);
            }
            seen = pending.addAndGet(-seen);
        } while (seen != 0);
    }
}
