package io.velo.pool;

import io.velo.backend.Backend;
import io.velo.backend.Breaker;
import io.velo.backend.Circuit;
import io.velo.backend.TimeInWords;
import java.util.Optional;
import java.util.function.Consumer;

/** Decides on what breakers propose. Called under the pool's lock. */
final class Ejections {

    private final Standings standings;
    private final Consumer<Backend> tryAgain;

    /**
     * @param tryAgain run on another thread, without the lock, when an ejection is over
     */
    Ejections(Standings standings, Consumer<Backend> tryAgain) {
        this.standings = standings;
        this.tryAgain = tryAgain;
    }

    void judge(Backend backend, Breaker.Verdict verdict) {
        Circuit circuit = backend.standing().condition().circuit();
        if (circuit == Circuit.HALF_OPEN) {
            settleTrial(backend, verdict);
        } else if (circuit == Circuit.CLOSED && verdict == Breaker.Verdict.TRIP) {
            ejectOrSpare(backend); // not for a success that came in beside the one that ended the trial
        }
    }

    private void settleTrial(Backend backend, Breaker.Verdict verdict) {
        if (verdict == Breaker.Verdict.RECOVER) {
            readmit(backend);
        } else {
            eject(backend);
        }
    }

    private void ejectOrSpare(Backend backend) {
        if (standings.roster().ejectionCap().allows(backend)) {
            eject(backend);
        } else {
            backend.breaker().close(); // it stays in service and has to fail as often again
        }
    }

    private void eject(Backend backend) {
        Breaker.Ejection ejection = backend.breaker().open(() -> tryAgain.accept(backend));
        backend.remember(Optional.of(ejection));
        String cause = ejection.cause() + ", for " + TimeInWords.of(ejection.time());
        standings.change(backend, cause, now -> now.withCircuit(Circuit.OPEN).withWarming(false));
    }

    void over(Backend backend) {
        standings.change(backend, "ejection over", now -> now.withCircuit(Circuit.HALF_OPEN));
    }

    private void readmit(Backend backend) {
        backend.breaker().close();
        backend.remember(Optional.empty());
        standings.change(backend, "trial passed", now -> standings.warmIf(true, now.withCircuit(Circuit.CLOSED)));
    }
}
