package io.velo.breaker;

import java.util.Map;

/** When the backends of each pool are ejected, by the pool's name. */
public record CircuitPlan(Map<String, CircuitSettings> byPool) {
    public CircuitPlan {
        byPool = Map.copyOf(byPool);
    }
}
