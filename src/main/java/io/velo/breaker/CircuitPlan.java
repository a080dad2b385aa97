package io.velo.breaker;

import io.velo.pool.PerPool;

/** When the backends of each pool are ejected. */
public record CircuitPlan(PerPool<CircuitSettings> byPool) {}
