package io.velo.config;

import io.velo.backend.BackendSpec;
import io.velo.pool.BackendSource;
import io.velo.pool.Pool;
import io.velo.pool.PoolSpec;
import io.velo.pool.PoolWiring;
import io.velo.pool.Pools;
import io.velo.strategy.Strategy;
import io.velo.strategy.StrategyFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.IntUnaryOperator;

/** Puts pools together from the configuration, from strategies by name, and from other sources of backends. */
final class PoolAssembly {

    private final Map<String, StrategyFactory> strategies = new TreeMap<>();
    private final List<BackendSource> sources;
    private final Map<BackendSource, List<BackendSpec>> supplied = new HashMap<>();
    private final PoolWiring wiring;
    private final IntUnaryOperator randomBelow;
    private final Discovered discovered;

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
    private PoolSpec spec(String name, PoolProperties properties) {
        boolean listed = !properties.backends().isEmpty();
        List<BackendSpec> given = sources.stream()
                .filter(source -> !listed && source.pool().equals(name))
                .flatMap(source -> supplied.computeIfAbsent(source, BackendSource::backends).stream())
                .toList();
        return Settings.pool(name, properties, listed ? discovered.of(name, properties) : given);
    }

    Pool newPool(PoolSpec spec) {
        return new Pool(spec, strategy(spec), wiring);
    }

    Strategy strategy(PoolSpec spec) {
        return Objects.requireNonNull(strategies.get(spec.strategy())).create(randomBelow);
    }
}
