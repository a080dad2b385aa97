package io.velo.pool;

import io.velo.strategy.RequestView;

/**
 * A request of which one backend made nothing.
 *
 * @param tried what it has had so far
 * @param replayable whether all that was sent of its body, if anything, can be sent again
 * @param restNanos what is left of its time, {@link Long#MAX_VALUE} if that isn't limited
 */
public record Setback(RequestView request, Tried tried, boolean replayable, long restNanos) {}
