package io.velo.config;

import io.velo.strategy.StrategyContext;
import io.velo.strategy.StrategyFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The strategies that Velo brings; each other bean of the type adds one. */
@Configuration(proxyBeanMethods = false)
class StrategyConfiguration {

    @Bean
    StrategyFactory roundRobinStrategy(VeloConfig config) {
        StrategyFactory usual = StrategyFactory.roundRobin();
        // The first look begins with b1; instances side by side must not all begin with the first backend.
        boolean demo = config.global().demo().backends() > 0;
        return demo ? StrategyFactory.of(usual.names(), random -> usual.create(StrategyContext.of(bound -> 0))) : usual;
    }

    @Bean
    StrategyFactory leastConnectionStrategy() {
        return StrategyFactory.leastConnection();
    }

    @Bean
    StrategyFactory powerOfTwoChoicesStrategy() {
        return StrategyFactory.powerOfTwoChoices();
    }

    @Bean
    StrategyFactory randomStrategy() {
        return StrategyFactory.random();
    }

    @Bean
    StrategyFactory leastTimeStrategy() {
        return StrategyFactory.leastTime();
    }

    @Bean
    StrategyFactory hashStrategy() {
        return StrategyFactory.hash();
    }
}
