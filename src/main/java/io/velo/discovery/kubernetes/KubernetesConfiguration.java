package io.velo.discovery.kubernetes;

import io.velo.discovery.DiscoverySettings;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.scheduler.Schedulers;

@Configuration(proxyBeanMethods = false)
class KubernetesConfiguration {

    @Bean
    KubernetesFinder kubernetesFinder(DiscoverySettings settings) {
        return new KubernetesFinder(
                () -> ServiceWatches.open(settings, Schedulers.parallel()), Schedulers.boundedElastic());
    }
}
