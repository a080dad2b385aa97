package io.velo.config;

import io.velo.breaker.CircuitSettings;
import io.velo.pool.PerPool;
import io.velo.probe.ProbeSettings;
import io.velo.wire.UpstreamSettings;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The settings that each pool has and that may change while Velo runs.
 *
 * @param probe how its backends are probed
 * @param circuit when they are ejected
 * @param upstream how requests go to them
 */
record LiveSettings(
        PerPool<ProbeSettings> probe, PerPool<CircuitSettings> circuit, PerPool<UpstreamSettings> upstream) {

    static LiveSettings of(VeloConfig config) {
        return new LiveSettings(
                new PerPool<>("probe settings", byPool(config, LiveSettings::probeOf)),
                new PerPool<>("circuit settings", byPool(config, LiveSettings::circuitOf)),
                new PerPool<>("upstream settings", byPool(config, Settings::upstream)));
    }

    void swap(VeloConfig config) {
        probe.swap(byPool(config, LiveSettings::probeOf));
        circuit.swap(byPool(config, LiveSettings::circuitOf));
        upstream.swap(byPool(config, Settings::upstream));
    }

    private static ProbeSettings probeOf(PoolProperties pool) {
        return Settings.probe(pool.health());
    }

    private static CircuitSettings circuitOf(PoolProperties pool) {
        return Settings.circuit(pool.circuit());
    }

    private static <T> Map<String, T> byPool(VeloConfig config, Function<PoolProperties, T> settings) {
        return config.pools().entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, entry -> settings.apply(entry.getValue())));
    }
}
