package io.velo.pool;

import io.velo.strategy.RequestView;
import java.time.Duration;

/**
 * A request of which one backend made nothing.
 *
 * @param tried what it has had so far
 * @param replayable whether all that was sent of its body, if anything, can be sent again
 * @param restNanos what is left of its time, {@link Long#MAX_VALUE} if that isn't limited
 */
public record Setback(RequestView request, Tried tried, boolean replayable, long restNanos) {

    /**
     * The same by the time that has gone.
     *
     * @param most how long the request may take in all; zero for no bound
     */
    public static Setback within(
            Duration most, long elapsedNanos, RequestView request, Tried tried, boolean replayable) {
        long rest = most.isZero() ? Long.MAX_VALUE : most.toNanos() - elapsedNanos;
        return new Setback(request, tried, replayable, rest);
    }
}
