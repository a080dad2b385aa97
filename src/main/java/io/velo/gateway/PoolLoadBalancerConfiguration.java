package io.velo.gateway;

import io.velo.pool.Pools;
import org.springframework.cloud.loadbalancer.core.ReactorServiceInstanceLoadBalancer;
import org.springframework.cloud.loadbalancer.support.LoadBalancerClientFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * What each pool's child context of Spring Cloud LoadBalancer holds: the pool of that name. Not annotated, because the
 * application's own context must not find it.
 */
class PoolLoadBalancerConfiguration {

    @Bean
    ReactorServiceInstanceLoadBalancer poolLoadBalancer(Environment environment, Pools pools) {
        String name = LoadBalancerClientFactory.getName(environment);
        if (name == null || pools.find(name).isEmpty()) {
            throw new IllegalArgumentException("there is no pool named " + name);
        }
        return new PoolLoadBalancer(name, pools);
    }
}
