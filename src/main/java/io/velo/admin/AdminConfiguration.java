package io.velo.admin;

import io.velo.pool.Pools;
import io.velo.route.Routes;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class AdminConfiguration {

    @Bean
    PoolsEndpoint poolsEndpoint(Pools pools) {
        return new PoolsEndpoint(pools);
    }

    @Bean
    RoutesEndpoint routesEndpoint(Routes routes) {
        return new RoutesEndpoint(routes);
    }

    /** Its name makes it the component {@code backends}. */
    @Bean
    BackendsHealth backendsHealthIndicator(Pools pools, Routes routes) {
        return new BackendsHealth(pools, routes);
    }
}
