package io.velo.config;

import io.velo.breaker.CircuitSettings;
import io.velo.concurrency.ConcurrencySettings;
import io.velo.pool.Canaries;
import io.velo.pool.CanaryPlan;
import io.velo.pool.PerPool;
import io.velo.probe.ProbeSettings;
import io.velo.wire.MirrorSettings;
import io.velo.wire.Mirrors;
import io.velo.wire.UpstreamSettings;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The settings that each pool has and that may change while Velo runs.
 *
 * @param probe how its backends are probed
 * @param circuit when they are ejected
 * @param concurrency how many requests they may have at once, if that is learnt
 * @param upstream how requests go to them
 * @param canaries which shares of their clients go to others
 * @param mirrors which of their requests others get, too
 */
record LiveSettings(
        PerPool<ProbeSettings> probe,
        PerPool<CircuitSettings> circuit,
        PerPool<ConcurrencySettings> concurrency,
        PerPool<UpstreamSettings> upstream,
        Canaries canaries,
        Mirrors mirrors) {

    static LiveSettings of(VeloConfig config, Canaries canaries, Mirrors mirrors) {
        canaries.swap(canaries(config));
        mirrors.swap(mirrors(config));
        return new LiveSettings(
                new PerPool<>("probe settings", byPool(config, LiveSettings::probeOf)),
                new PerPool<>("circuit settings", byPool(config, LiveSettings::circuitOf)),
                new PerPool<>("concurrency settings", byPool(config, LiveSettings::concurrencyOf)),
                new PerPool<>("upstream settings", byPool(config, Settings::upstream)),
                canaries,
                mirrors);
    }

    void swap(VeloConfig config) {
        probe.swap(byPool(config, LiveSettings::probeOf));
        circuit.swap(byPool(config, LiveSettings::circuitOf));
        concurrency.swap(byPool(config, LiveSettings::concurrencyOf));
        upstream.swap(byPool(config, Settings::upstream));
        canaries.swap(canaries(config));
        mirrors.swap(mirrors(config));
    }

    private static Map<String, MirrorSettings> mirrors(VeloConfig config) {
        return config.pools().entrySet().stream()
                .filter(entry -> !entry.getValue().mirror().pool().isEmpty())
                .collect(Collectors.toUnmodifiableMap(
                        Map.Entry::getKey,
                        entry -> Settings.mirror(entry.getValue().mirror())));
    }

    private static Map<String, CanaryPlan> canaries(VeloConfig config) {
        return config.pools().entrySet().stream()
                .filter(entry -> !entry.getValue().canary().pool().isEmpty())
                .collect(Collectors.toUnmodifiableMap(
                        Map.Entry::getKey,
                        entry -> Settings.canary(entry.getValue().canary())));
    }

    private static ProbeSettings probeOf(PoolProperties pool) {
        return Settings.probe(pool.health());
    }

    private static CircuitSettings circuitOf(PoolProperties pool) {
        return Settings.circuit(pool.circuit());
    }

    private static ConcurrencySettings concurrencyOf(PoolProperties pool) {
        return Settings.concurrency(pool.concurrency());
    }

    private static <T> Map<String, T> byPool(VeloConfig config, Function<PoolProperties, T> settings) {
        return config.pools().entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, entry -> settings.apply(entry.getValue())));
    }
}
