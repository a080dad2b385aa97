package io.velo.config;

import io.micrometer.core.instrument.MeterRegistry;
import io.velo.change.BackendFinder;
import io.velo.discovery.DiscoverySettings;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.scheduler.Schedulers;

/** What finds backends while Velo runs. */
@Configuration(proxyBeanMethods = false)
class DiscoveriesConfiguration {

    private static final int DNS_PORT = 53;

    @Bean
    Discovered discovered() {
        return new Discovered();
    }

    @Bean
    DiscoverySettings discoverySettings(VeloConfig config) {
        LbProperties.Discovery discovery = config.global().discovery();
        List<InetSocketAddress> nameservers = discovery.nameservers().stream()
                .map(DiscoveriesConfiguration::address)
                .toList();
        return new DiscoverySettings(nameservers, discovery.timeout(), discovery.minRefresh(), discovery.maxRefresh());
    }

    private static InetSocketAddress address(String nameserver) {
        NameserverAddress address = NameserverAddress.parse(nameserver).orElseThrow();
        return new InetSocketAddress(address.host(), address.port() == 0 ? DNS_PORT : address.port());
    }

    @Bean
    Discoveries discoveries(
            ObjectProvider<BackendFinder> finders,
            LiveConfiguration live,
            Discovered discovered,
            MeterRegistry meters) {
        return new Discoveries(
                finders.orderedStream().toList(),
                live,
                discovered,
                place -> new PlaceReport(place, meters, InstantSource.system()),
                Schedulers.boundedElastic().createWorker());
    }
}
