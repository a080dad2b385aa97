package io.velo.config;

import io.velo.backend.Backend;
import io.velo.backend.Drained;
import io.velo.backend.MembershipListener;
import io.velo.backend.Outcome;
import io.velo.backend.OutcomeListener;
import io.velo.backend.Transition;
import io.velo.backend.TransitionListener;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps a listener that throws, perhaps a user's, from hurting the pool or the other listeners. */
final class GuardedListeners {

    private static final Logger log = LoggerFactory.getLogger(GuardedListeners.class);

    private GuardedListeners() {}

    static List<OutcomeListener> ofOutcomes(List<OutcomeListener> listeners) {
        return listeners.stream().map(GuardedListeners::guarded).toList();
    }

    private static OutcomeListener guarded(OutcomeListener listener) {
        return new OutcomeListener() {
            @Override
            public void ended(Backend backend, Outcome outcome) {
                guard(listener, () -> listener.ended(backend, outcome));
            }

            @Override
            public void waited(String pool, long nanos) {
                guard(listener, () -> listener.waited(pool, nanos));
            }
        };
    }

    static List<TransitionListener> ofTransitions(List<TransitionListener> listeners) {
        return listeners.stream().map(GuardedListeners::guarded).toList();
    }

    private static TransitionListener guarded(TransitionListener listener) {
        return new TransitionListener() {
            @Override
            public void changed(Transition transition) {
                guard(listener, () -> listener.changed(transition));
            }

            @Override
            public void drained(Drained drained) {
                guard(listener, () -> listener.drained(drained));
            }

            @Override
            public void panic(String pool, boolean on) {
                guard(listener, () -> listener.panic(pool, on));
            }
        };
    }

    static List<MembershipListener> ofMembership(List<MembershipListener> listeners) {
        return listeners.stream().map(GuardedListeners::guarded).toList();
    }

    private static MembershipListener guarded(MembershipListener listener) {
        return new MembershipListener() {
            @Override
            public void changed() {
                guard(listener, listener::changed);
            }

            @Override
            public void overdue(Backend backend) {
                guard(listener, () -> listener.overdue(backend));
            }

            @Override
            public void gone(Backend backend) {
                guard(listener, () -> listener.gone(backend));
            }
        };
    }

    private static void guard(Object listener, Runnable call) {
        try {
            call.run();
        } catch (RuntimeException e) {
            log.atError().addKeyValue("listener", listener).setCause(e).log("a listener failed");
        }
    }
}
