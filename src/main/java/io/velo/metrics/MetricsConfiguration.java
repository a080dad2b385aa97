package io.velo.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.velo.limit.Overload;
import io.velo.pool.Canaries;
import io.velo.pool.Pools;
import io.velo.wire.ClientConnections;
import io.velo.wire.Mirrors;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

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
    @Order(Ordered.LOWEST_PRECEDENCE) // after those that forget what they hold
    MetersOfGone metersOfGone(Pools pools, MeterRegistry registry) {
        return new MetersOfGone(pools, registry);
    }

    @Bean
    CanaryMeters canaryMeters(Canaries canaries) {
        return new CanaryMeters(canaries);
    }

    @Bean
    MirrorMeters mirrorMeters(Mirrors mirrors) {
        return new MirrorMeters(mirrors);
    }

    @Bean
    ClientMeters clientMeters(ClientConnections connections, Overload overload) {
        return new ClientMeters(connections, overload);
    }

    @Bean
    LimitMeters limitMeters() {
        return new LimitMeters();
    }

    @Bean
    FloodMeters floodMeters(MeterRegistry registry) {
        return new FloodMeters(registry);
    }

    @Bean
    TransitionLog transitionLog() {
        return new TransitionLog();
    }
}
