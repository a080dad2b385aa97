package io.velo.breaker;

import io.velo.backend.Breaker;
import io.velo.backend.Outcome;
import java.util.Arrays;

/** Requests one after another. */
final class Verdicts {

    private Verdicts() {}

    /** What a breaker makes of these outcomes, each of a request that it permitted. */
    static Breaker.Verdict[] of(Breaker breaker, Outcome... outcomes) {
        return Arrays.stream(outcomes)
                .map(outcome -> breaker.record(permit(breaker), outcome))
                .toArray(Breaker.Verdict[]::new);
    }

    /** A permit, which has to be given. */
    static long permit(Breaker breaker) {
        long permit = breaker.tryAcquire();
        if (permit == Breaker.REFUSED) {
            throw new AssertionError("the breaker refused");
        }
        return permit;
    }
}
