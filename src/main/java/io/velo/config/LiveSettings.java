package io.velo.config;

import io.velo.auth.AccessControl;
import io.velo.backend.BackendSpec;
import io.velo.breaker.CircuitSettings;
import io.velo.concurrency.ConcurrencySettings;
import io.velo.limit.RateLimits;
import io.velo.pool.Canaries;
import io.velo.pool.CanaryPlan;
import io.velo.pool.PerPool;
import io.velo.pool.PoolSpec;
import io.velo.probe.ProbeSettings;
import io.velo.route.TermsByRoute;
import io.velo.tls.BackendTls;
import io.velo.tls.BackendTlsSettings;
import io.velo.wire.MirrorSettings;
import io.velo.wire.Mirrors;
import io.velo.wire.UpstreamSettings;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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

    private static final Logger log = LoggerFactory.getLogger("io.velo.config");

    static LiveSettings of(
            VeloConfig config,
            Canaries canaries,
            Mirrors mirrors,
            BackendTls tls,
            RateLimits limits,
            AccessControl access,
            TermsByRoute terms) {
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
     * Sees whether there is what a configuration needs.
     *
     * @param pools what comes of it, by name and with the backends that are known
     * @throws InvalidConfigurationException if there isn't
     * @throws IllegalStateException if an SSL bundle isn't good for backends that are spoken to by TLS
     */
    void check(VeloConfig config, Map<String, PoolSpec> pools) {
        config.pools().forEach((name, pool) -> {
            BackendTlsSettings settings = Settings.tls(pool.tls());
            if (!tls.knows(settings)) {
                String rule = "there is no such SSL bundle; a new one takes a restart";
                throw new InvalidConfigurationException(List.of(
                        new ConfigProblem(PoolNames.prefixOf(name) + "tls.bundle", settings.bundle(), rule, "")));
            }
            if (takesTls(Objects.requireNonNull(pools.get(name)))) {
                tls.prepare(settings);
            }
        });
    }

    /**
     * Has ready what those take that are about to join a pool: not by its first request, for which a whole event loop would
     * wait. If it can't be had, their requests and probes say so.
     */
    void prepare(PoolSpec pool) {
        try {
            if (takesTls(pool)) {
                tls.prepare(upstream.of(pool.name()).tls());
            }
        } catch (IllegalStateException e) {
            log.atError().addKeyValue("pool", pool.name()).log("no TLS to its backends: {}", e.getMessage());
        }
    }

    private static boolean takesTls(PoolSpec pool) {
        return pool.backends().stream().anyMatch(BackendSpec::secure);
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
