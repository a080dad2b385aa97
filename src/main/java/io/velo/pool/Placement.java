package io.velo.pool;

import io.velo.backend.Outcome;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where one request goes, and what is to be told of it: how it ended, once. */
public final class Placement {

    private final Pool pool;
    private final @Nullable Side side;
    private final String cookie;

    Placement(Pool pool, @Nullable Side side, String cookie) {
        this.pool = pool;
        this.side = side;
        this.cookie = cookie;
    }

    /** Without a canary. */
    public static Placement in(Pool pool) {
        return new Placement(pool, null, "");
    }

    /** The pool whose backends get it. */
    public Pool pool() {
        return pool;
    }

    /** The value of {@code Set-Cookie} that the answer has to have, so that the client is known next time. */
    public Optional<String> cookie() {
        return cookie.isEmpty() ? Optional.empty() : Optional.of(cookie);
    }

    /** It has ended, body included. */
    public void ended(Outcome.Kind kind) {
        if (side != null) {
            side.canary.ended(side.state, side.onCanary, kind);
        }
    }

    /** The side of a canary that it was placed on. */
    record Side(Canary canary, Canary.State state, boolean onCanary) {}
}
