package io.velo.metrics;

import io.velo.backend.Drained;
import io.velo.backend.Transition;
import io.velo.backend.TransitionListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** One line for each change of state: a warning if the pool lost capacity by it, information if it mended. */
final class TransitionLog implements TransitionListener {

    private static final Logger log = LoggerFactory.getLogger("io.velo.state");

    @Override
    public void changed(Transition transition) {
        log.atLevel(transition.lostCapacity() ? Level.WARN : Level.INFO)
                .addKeyValue("pool", transition.pool())
                .addKeyValue("backend", transition.backend())
                .addKeyValue("from", transition.from().word())
                .addKeyValue("to", transition.to().word())
                .addKeyValue("reason", transition.cause())
                .log("backend {}", transition.to().word());
    }

    @Override
    public void drained(Drained drained) {
        log.atInfo()
                .addKeyValue("pool", drained.pool())
                .addKeyValue("backend", drained.backend())
                .addKeyValue("after", drained.took())
                .log(drained.overdue() ? "backend drained, what took too long was cut" : "backend drained");
    }

    @Override
    public void panic(String pool, boolean on) {
        log.atLevel(on ? Level.WARN : Level.INFO)
                .addKeyValue("pool", pool)
                .log(on ? "pool in panic: too few backends are eligible, health is ignored" : "pool out of panic");
    }
}
