package io.velo.probe;

import java.util.Map;

/** How the backends of each pool are probed, by the pool's name. */
public record ProbePlan(Map<String, ProbeSettings> byPool) {
    public ProbePlan {
        byPool = Map.copyOf(byPool);
    }
}
