package com.example.shop;

import io.velo.strategy.Candidate;
import io.velo.strategy.Picker;
import io.velo.strategy.StrategyFactory;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class FirstStrategy {

    @Bean
    StrategyFactory first() {
        return StrategyFactory.of("first", randomBelow -> FirstStrategy::pickerFor);
    }

    private static Picker pickerFor(List<Candidate> candidates) {
        return (request, taker) -> candidates.stream().map(Candidate::backend).anyMatch(taker);
    }
}
