package io.velo.probe;

import io.velo.pool.PerPool;

/** How the backends of each pool are probed. */
public record ProbePlan(PerPool<ProbeSettings> byPool) {}
