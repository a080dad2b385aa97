package io.velo.pool;

import io.velo.backend.Backend;
import io.velo.backend.Breaker;
import java.util.Collection;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One request's search for a backend: takes the first one offered that has room and a permit. */
final class Acquisition implements Predicate<Backend> {

    private final Collection<Backend> tried;
    private final boolean panic;
    private @Nullable Backend taken;
    private long permit = Breaker.REFUSED;
    private boolean full;

    Acquisition(Collection<Backend> tried, boolean panic) {
        this.tried = tried;
        this.panic = panic;
    }

    @Override
    public boolean test(Backend backend) {
        if (!tried.isEmpty() && tried.contains(backend)) {
            return false;
        }
        if (!backend.tryEnter()) {
            full = true;
            return false;
        }
        if (!permitted(backend)) {
            backend.leave();
            return false;
        }
        taken = backend;
        return true;
    }

    private boolean permitted(Backend backend) {
        permit = panic ? Breaker.REFUSED : backend.breaker().tryAcquire();
        return panic || permit != Breaker.REFUSED;
    }

    Backend taken() {
        return Objects.requireNonNull(taken, "nothing was taken");
    }

    /** The breaker's permit; {@link Breaker#REFUSED} in panic, when breakers aren't asked. */
    long permit() {
        return permit;
    }

    /** Whether a backend refused because it was full. */
    boolean full() {
        return full;
    }
}
