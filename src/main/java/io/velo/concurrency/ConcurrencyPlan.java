package io.velo.concurrency;

import io.velo.pool.PerPool;

/** How many requests the backends of each pool may have at once. */
public record ConcurrencyPlan(PerPool<ConcurrencySettings> byPool) {}
