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
    private final PoolWiring wiring;
    private final IntUnaryOperator randomBelow;

    PoolAssembly(
            List<StrategyFactory> strategies,
            List<BackendSource> sources,
            PoolWiring wiring,
            IntUnaryOperator randomBelow) {
        strategies.forEach(factory -> factory.names().forEach(name -> this.strategies.put(name, factory)));
        this.sources = sources;
        this.wiring = wiring;
        this.randomBelow = randomBelow;
    }

    /**
     * All pools.
     *
     * @throws InvalidConfigurationException if a strategy is unknown
     */
    Pools assemble(Map<String, PoolProperties> pools) {
        List<ConfigProblem> problems = new ArrayList<>();
        pools.forEach((name, pool) -> checkStrategy(name, pool, problems));
        if (!problems.isEmpty()) {
            throw new InvalidConfigurationException(problems);
        }
        return new Pools(pools.entrySet().stream()
                .map(entry -> assemble(entry.getKey(), entry.getValue()))
                .toList());
    }

    private void checkStrategy(String name, PoolProperties pool, List<ConfigProblem> problems) {
        if (!strategies.containsKey(pool.strategy().toLowerCase(Locale.ROOT))) {
            String key = PoolNames.prefixOf(name) + "strategy";
            String known = String.join(", ", strategies.keySet());
            problems.add(new ConfigProblem(key, pool.strategy(), "must be one of " + known, ""));
        }
    }

    private Pool assemble(String name, PoolProperties properties) {
        boolean listed = !properties.backends().isEmpty();
        List<BackendSpec> supplied = sources.stream()
                .filter(source -> !listed && source.pool().equals(name))
                .flatMap(source -> source.backends().stream())
                .toList();
        PoolSpec spec = Settings.pool(name, properties, supplied);
        Strategy strategy =
                Objects.requireNonNull(strategies.get(spec.strategy())).create(randomBelow);
        return new Pool(spec, strategy, wiring);
    }
}
