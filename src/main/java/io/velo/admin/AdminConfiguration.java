package io.velo.admin;

import io.velo.change.Reloads;
import io.velo.change.Searches;
import io.velo.pool.Canaries;
import io.velo.pool.History;
import io.velo.pool.Pools;
import io.velo.route.Routes;
import io.velo.wire.Mirrors;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class AdminConfiguration {

    @Bean
    PoolViews poolViews(History history, Canaries canaries, Mirrors mirrors, Searches searches) {
        return new PoolViews(history, canaries, mirrors, searches);
    }

    @Bean
    PoolsEndpoint poolsEndpoint(Pools pools, Reloads reloads, PoolViews views) {
        return new PoolsEndpoint(pools, reloads, views);
    }

    /** Not by the name of Spring Cloud's. */
    @Bean
    RefreshEndpoint veloRefreshEndpoint(Reloads reloads) {
        return new RefreshEndpoint(reloads);
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
