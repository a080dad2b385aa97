package io.velo.config;

import io.velo.backend.BackendSpec;
import io.velo.pool.BackendSource;
import io.velo.pool.Pool;
import io.velo.pool.PoolSpec;
import io.velo.pool.PoolWiring;
import io.velo.pool.Pools;
import io.velo.strategy.Strategy;
import io.velo.strategy.StrategyContext;
import io.velo.strategy.StrategyFactory;
import io.velo.strategy.Tiers;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntUnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts pools together from the configuration, from strategies by name, and from other sources of backends. */
final class PoolAssembly {

    private static final Logger log = LoggerFactory.getLogger("io.velo.config");

    private final Map<String, StrategyFactory> strategies = new TreeMap<>();
    private final List<BackendSource> sources;
    private final Map<BackendSource, List<BackendSpec>> supplied = new HashMap<>();
    private final PoolWiring wiring;
    private final IntUnaryOperator randomBelow;
    private final Discovered discovered;
    private final String secret = randomSecret(); // for cookies of pools that have none of their own
    private final Set<String> warned = new HashSet<>();

    PoolAssembly(
            List<StrategyFactory> strategies,
            List<BackendSource> sources,
            PoolWiring wiring,
            IntUnaryOperator randomBelow,
            Discovered discovered) {
        strategies.forEach(factory -> factory.names().forEach(name -> this.strategies.put(name, factory)));
        this.sources = sources;
        this.wiring = wiring;
        this.randomBelow = randomBelow;
        this.discovered = discovered;
    }

    /** What is wrong with the strategies, which are beans and so known only when the application runs. */
    List<ConfigProblem> problems(Map<String, PoolProperties> pools) {
        List<ConfigProblem> problems = new ArrayList<>();
        pools.forEach((name, pool) -> checkStrategy(name, pool, problems));
        return problems;
    }

    private void checkStrategy(String name, PoolProperties pool, List<ConfigProblem> problems) {
        if (!strategies.containsKey(pool.strategy().toLowerCase(Locale.ROOT))) {
            String key = PoolNames.prefixOf(name) + "strategy";
            String known = String.join(", ", strategies.keySet());
            problems.add(new ConfigProblem(key, pool.strategy(), "must be one of " + known, ""));
        }
    }

    /**
     * All pools.
     *
     * @throws InvalidConfigurationException if a strategy is unknown
     */
    Pools assemble(Map<String, PoolProperties> pools) {
        List<ConfigProblem> problems = problems(pools);
        if (!problems.isEmpty()) {
            throw new InvalidConfigurationException(problems);
        }
        return new Pools(specs(pools).values().stream().map(this::newPool).toList());
    }

    /** What the configuration says of each pool, in its order. */
    Map<String, PoolSpec> specs(Map<String, PoolProperties> pools) {
        Map<String, PoolSpec> specs = new LinkedHashMap<>();
        pools.forEach((name, pool) -> specs.put(name, spec(name, pool)));
        return specs;
    }

    /** Sources are asked once: who has given backends stands by them. */
    PoolSpec spec(String name, PoolProperties properties) {
        boolean listed = !properties.backends().isEmpty();
        List<BackendSpec> given = sources.stream()
                .filter(source -> !listed && source.pool().equals(name))
                .flatMap(source -> supplied.computeIfAbsent(source, BackendSource::backends).stream())
                .toList();
        warnOfRandomSecret(name, properties.affinity());
        return Settings.pool(name, properties, listed ? discovered.of(name, properties) : given, secret);
    }

    private void warnOfRandomSecret(String pool, AffinityProperties affinity) {
        boolean byCookie = affinity.type() == AffinityProperties.By.COOKIE;
        if (byCookie && affinity.secret().isEmpty() && warned.add(pool)) {
            log.warn(
                    "pool {} makes its cookies by a random secret, so clients lose their backends when Velo starts again"
                            + " and among several instances: set {}affinity.secret",
                    pool,
                    PoolNames.prefixOf(pool));
        }
    }

    private static String randomSecret() {
        byte[] bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    Pool newPool(PoolSpec spec) {
        return new Pool(spec, strategy(spec), wiring);
    }

    Strategy strategy(PoolSpec spec) {
        StrategyFactory factory = Objects.requireNonNull(strategies.get(spec.strategy()));
        StrategyContext context =
                new StrategyContext(randomBelow, wiring.nanos(), spec.rules().hash());
        return new Tiers(() -> factory.create(context), spec.rules().tiers(), randomBelow);
    }
}
