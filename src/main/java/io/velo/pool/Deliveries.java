package io.velo.pool;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** Carries things out in order, one at a time, on whichever thread comes by. Thread-safe, lock-free; never nests. */
final class Deliveries {

    private final Queue<Runnable> due = new ConcurrentLinkedQueue<>();
    private final AtomicInteger pending = new AtomicInteger();

    void add(Runnable what) {
        due.add(what);
    }

    /** Carries out what is due, unless another thread is at it, or this one further up; then that will do this, too. */
    void deliver() {
        if (due.isEmpty() || pending.getAndIncrement() != 0) {
            return;
        }
        int seen = 1;
        do {
            for (Runnable item = due.poll(); item != null; item = due.poll()) {
                item.run();
            }
            seen = pending.addAndGet(-seen);
        } while (seen != 0);
    }
}
