package io.velo.config;

import io.velo.auth.AccessControl;
import io.velo.breaker.CircuitSettings;
import io.velo.concurrency.ConcurrencySettings;
import io.velo.limit.RateLimits;
import io.velo.pool.Canaries;
import io.velo.pool.CanaryPlan;
import io.velo.pool.PerPool;
import io.velo.probe.ProbeSettings;
import io.velo.route.TermsByRoute;
import io.velo.tls.BackendTls;
import io.velo.tls.BackendTlsSettings;
import io.velo.wire.MirrorSettings;
import io.velo.wire.Mirrors;
import io.velo.wire.UpstreamSettings;
import java.util.List;
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
 * @param tls what there is to speak TLS to backends with
 * @param limits which requests may pass
 * @param access who may pass
 * @param terms what else holds for the requests of each route
 */
record LiveSettings(
        PerPool<ProbeSettings> probe,
        PerPool<CircuitSettings> circuit,
        PerPool<ConcurrencySettings> concurrency,
        PerPool<UpstreamSettings> upstream,
        Canaries canaries,
        Mirrors mirrors,
        BackendTls tls,
        RateLimits limits,
        AccessControl access,
        TermsByRoute terms) {

    static LiveSettings of(
            VeloConfig config,
            Canaries canaries,
            Mirrors mirrors,
            BackendTls tls,
            RateLimits limits,
            AccessControl access,
            TermsByRoute terms) {
        prepare(config, tls);
        access.swap(AuthAssembly.settings(config.global().auth()));
        canaries.swap(canaries(config));
        mirrors.swap(mirrors(config));
        swap(limits, config);
        ClientSettings.swap(terms, config.global());
        return new LiveSettings(
                new PerPool<>("probe settings", byPool(config, Settings::probe)),
                new PerPool<>("circuit settings", byPool(config, LiveSettings::circuitOf)),
                new PerPool<>("concurrency settings", byPool(config, LiveSettings::concurrencyOf)),
                new PerPool<>("upstream settings", byPool(config, Settings::upstream)),
                canaries,
                mirrors,
                tls,
                limits,
                access,
                terms);
    }

    /**
     * Sees whether there is what they need.
     *
     * @throws InvalidConfigurationException if there isn't
     */
    void check(VeloConfig config) {
        prepare(config, tls);
    }

    /** Contexts are made here, and not when the first request waits for one. */
    private static void prepare(VeloConfig config, BackendTls tls) {
        config.pools().forEach((name, pool) -> {
            BackendTlsSettings settings = Settings.tls(pool.tls());
            if (!tls.knows(settings)) {
                String rule = "there is no such SSL bundle; a new one takes a restart";
                throw new InvalidConfigurationException(List.of(
                        new ConfigProblem(PoolNames.prefixOf(name) + "tls.bundle", settings.bundle(), rule, "")));
            }
            if (pool.backends().stream().anyMatch(backend -> backend.url().startsWith("https:"))) {
                tls.context(settings);
            }
        });
    }

    void swap(VeloConfig config) {
        access.swap(AuthAssembly.settings(
                config.global().auth())); // first: its files may have gone since they were checked
        probe.swap(byPool(config, Settings::probe));
        circuit.swap(byPool(config, LiveSettings::circuitOf));
        concurrency.swap(byPool(config, LiveSettings::concurrencyOf));
        upstream.swap(byPool(config, Settings::upstream));
        canaries.swap(canaries(config));
        mirrors.swap(mirrors(config));
        swap(limits, config);
        ClientSettings.swap(terms, config.global());
    }

    private static void swap(RateLimits limits, VeloConfig config) {
        RateLimitProperties next = config.global().rateLimit();
        limits.swap(LimitSettings.rules(next), next.maxKeys(), next.onOutage());
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
