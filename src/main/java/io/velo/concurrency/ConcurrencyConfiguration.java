package io.velo.concurrency;

import io.velo.backend.ConcurrencyLimit;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class ConcurrencyConfiguration {

    @Bean
    ConcurrencyLimit.Factory concurrencyLimits(ConcurrencyPlan plan) {
        return pool -> new LearntLimit(() -> plan.byPool().of(pool), System::nanoTime);
    }
}
