package io.velo.probe;

import io.velo.backend.ProbeListener;
import io.velo.pool.Pools;
import io.velo.tls.BackendTls;
import java.time.InstantSource;
import java.util.concurrent.ThreadLocalRandom;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.scheduler.Schedulers;
import reactor.netty.resources.LoopResources;

@Configuration(proxyBeanMethods = false)
class ProbeConfiguration {

    @Bean
    Prober prober(
            Pools pools, ProbePlan plan, LoopResources loops, BackendTls tls, ObjectProvider<ProbeListener> listeners) {
        return new Prober(
                pools,
                plan.byPool(),
                new ProbeClient(loops, tls, System::nanoTime, InstantSource.system(), Schedulers.parallel()),
                listeners.orderedStream().toList(),
                Schedulers.parallel(),
                () -> ThreadLocalRandom.current().nextDouble());
    }
}
