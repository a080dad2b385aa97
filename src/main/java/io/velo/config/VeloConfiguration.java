package io.velo.config;

import io.velo.backend.BreakerFactory;
import io.velo.backend.OutcomeListener;
import io.velo.backend.TransitionListener;
import io.velo.breaker.CircuitPlan;
import io.velo.express.ExpressSettings;
import io.velo.gateway.GatewaySettings;
import io.velo.pool.BackendSource;
import io.velo.pool.History;
import io.velo.pool.PoolWiring;
import io.velo.pool.Pools;
import io.velo.probe.ProbePlan;
import io.velo.strategy.StrategyFactory;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.function.IntUnaryOperator;
import java.util.stream.Collectors;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.scheduler.Schedulers;
import reactor.netty.resources.LoopResources;

@Configuration(proxyBeanMethods = false)
class VeloConfiguration {

    @Bean
    ProbePlan probePlan(VeloConfig config) {
        return new ProbePlan(byPool(config, pool -> Settings.probe(pool.health())));
    }

    @Bean
    CircuitPlan circuitPlan(VeloConfig config) {
        return new CircuitPlan(byPool(config, pool -> Settings.circuit(pool.circuit())));
    }

    @Bean
    GatewaySettings gatewaySettings(VeloConfig config) {
        LbProperties global = config.global();
        return new GatewaySettings(
                byPool(config, Settings::upstream),
                global.forwarded().trusted(),
                global.client().headerTimeout(),
                global.client().idleTimeout(),
                global.express().enabled());
    }

    @Bean
    ExpressSettings expressSettings(VeloConfig config) {
        return new ExpressSettings(
                byPool(config, Settings::upstream), config.global().forwarded().trusted());
    }

    private static <T> Map<String, T> byPool(VeloConfig config, Function<PoolProperties, T> settings) {
        return config.pools().entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, entry -> settings.apply(entry.getValue())));
    }

    @Bean
    StrategyFactory roundRobinStrategy() {
        return StrategyFactory.roundRobin();
    }

    @Bean
    StrategyFactory leastConnectionStrategy() {
        return StrategyFactory.leastConnection();
    }

    @Bean
    PoolWiring poolWiring(
            BreakerFactory breakers,
            ObjectProvider<OutcomeListener> outcomes,
            ObjectProvider<TransitionListener> transitions) {
        return new PoolWiring(
                breakers,
                GuardedListeners.ofOutcomes(outcomes.orderedStream().toList()),
                GuardedListeners.ofTransitions(transitions.orderedStream().toList()),
                System::nanoTime,
                InstantSource.system());
    }

    @Bean
    Pools pools(
            VeloConfig config,
            PoolWiring wiring,
            ObjectProvider<StrategyFactory> strategies,
            ObjectProvider<BackendSource> sources) {
        // The first look begins with b1; instances side by side must not all begin with the first backend.
        IntUnaryOperator start = config.global().demo().backends() > 0 ? bound -> 0 : VeloConfiguration::randomBelow;
        return new PoolAssembly(
                        strategies.orderedStream().toList(),
                        sources.orderedStream().toList(),
                        wiring,
                        start)
                .assemble(config.pools());
    }

    @Bean
    History history() {
        return new History();
    }

    private static int randomBelow(int bound) {
        return ThreadLocalRandom.current().nextInt(bound);
    }

    @Bean
    StartupLog startupLog(Pools pools, VeloConfig config, LoopResources loops) {
        return new StartupLog(pools, config, loops);
    }

    @Bean
    SlowStartClock slowStartClock(Pools pools) {
        return new SlowStartClock(pools, Schedulers.parallel());
    }
}
