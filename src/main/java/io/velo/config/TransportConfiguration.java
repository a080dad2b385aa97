package io.velo.config;

import io.velo.wire.NativeLoops;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.reactor.netty.autoconfigure.ReactorNettyProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.ReactorResourceFactory;
import reactor.netty.ReactorNetty;
import reactor.netty.resources.LoopResources;

@Configuration(proxyBeanMethods = false)
class TransportConfiguration {

    private static final Logger log = LoggerFactory.getLogger("io.velo");

    /**
     * The event loops of both lanes, and of the probes. Their factory ends them. One for each processor: more would take turns
     * there, and a request that waits for another loop's turn waits for milliseconds. Reactor Netty has four at least.
     */
    @Bean(destroyMethod = "")
    LoopResources loops(VeloConfig config) {
        int threads = Integer.getInteger(
                ReactorNetty.IO_WORKER_COUNT, Runtime.getRuntime().availableProcessors());
        return chosen(config.global().transport(), threads)
                .orElseGet(() -> LoopResources.create("velo", threads, true)); // not on Linux
    }

    private static Optional<LoopResources> chosen(LbProperties.Transport wanted, int threads) {
        if (wanted == LbProperties.Transport.IO_URING) {
            Optional<LoopResources> loops = NativeLoops.ioUring(threads);
            if (loops.isPresent()) {
                return loops;
            }
            log.warn(
                    "lb.transport: going on without io_uring, which isn't to be had here: {}",
                    NativeLoops.whyNoUring());
        }
        return NativeLoops.epoll(threads);
    }

    /** In place of Boot's own, which would leave the choice to Reactor Netty. */
    @Bean
    ReactorResourceFactory reactorResourceFactory(LoopResources loops, ReactorNettyProperties properties) {
        ReactorResourceFactory factory = new ReactorResourceFactory();
        factory.setUseGlobalResources(false);
        factory.setLoopResourcesSupplier(() -> loops);
        Optional.ofNullable(properties.getShutdownQuietPeriod()).ifPresent(factory::setShutdownQuietPeriod);
        return factory;
    }
}
