package io.velo.pool;

import java.time.Instant;

/**
 * A canary was given up because it did worse than the pool itself.
 *
 * @param pool the pool itself
 * @param canary name of the pool that had a share of its clients
 * @param percent the share
 * @param cause what was counted, for people
 */
public record StepBack(String pool, String canary, double percent, String cause, Instant at) {}
