package io.velo.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.velo.pool.Pools;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class MetricsConfiguration {

    @Bean
    RequestMeters requestMeters(MeterRegistry registry) {
        return new RequestMeters(registry);
    }

    @Bean
    StateMeters stateMeters(MeterRegistry registry) {
        return new StateMeters(registry);
    }

    @Bean
    PoolGauges poolGauges(Pools pools) {
        return new PoolGauges(pools);
    }

    @Bean
    TransitionLog transitionLog() {
        return new TransitionLog();
    }
}
