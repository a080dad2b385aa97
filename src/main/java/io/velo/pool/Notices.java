package io.velo.pool;

import io.velo.backend.Drained;
import io.velo.backend.MembershipListener;
import io.velo.backend.Transition;
import io.velo.backend.TransitionListener;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Carries news to the listeners in order, one at a time, and outside the pool's lock, so that a slow log stops no request. */
final class Notices {

    private final List<TransitionListener> listeners;
    private final Supplier<List<MembershipListener>> members;
    private final Deliveries news = new Deliveries();

    Notices(List<TransitionListener> listeners, Supplier<List<MembershipListener>> members) {
        this.listeners = listeners;
        this.members = members;
    }

    void add(Transition transition) {
        news.add(() -> listeners.forEach(listener -> listener.changed(transition)));
    }

    void add(Drained drained) {
        news.add(() -> listeners.forEach(listener -> listener.drained(drained)));
    }

    void addPanic(String pool, boolean on) {
        news.add(() -> listeners.forEach(listener -> listener.panic(pool, on)));
    }

    void addForMembers(Consumer<MembershipListener> what) {
        news.add(() -> members.get().forEach(what));
    }

    /** Delivers what is due, unless another thread is at it; that one will deliver this too. */
    void deliver() {
        news.deliver();
    }
}
