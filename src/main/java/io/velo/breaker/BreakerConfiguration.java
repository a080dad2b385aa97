package io.velo.breaker;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.scheduler.Schedulers;

@Configuration(proxyBeanMethods = false)
class BreakerConfiguration {

    @Bean
    BackendBreakers backendBreakers(CircuitPlan plan) {
        return new BackendBreakers(plan.byPool(), Schedulers.parallel());
    }
}
