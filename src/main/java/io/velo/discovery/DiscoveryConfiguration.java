package io.velo.discovery;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.NoopAuthoritativeDnsServerCache;
import io.netty.resolver.dns.NoopDnsCache;
import io.netty.resolver.dns.NoopDnsCnameCache;
import io.netty.resolver.dns.SequentialDnsServerAddressStreamProvider;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.cloud.client.discovery.ReactiveDiscoveryClient;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.scheduler.Schedulers;
import reactor.netty.resources.LoopResources;

@Configuration(proxyBeanMethods = false)
class DiscoveryConfiguration {

    @Bean
    DnsFinder dnsFinder(DiscoverySettings settings, LoopResources loops) {
        return new DnsFinder(() -> resolver(settings, loops), settings, Schedulers.parallel());
    }

    /** What is truncated is asked for again by TCP. */
    private static DnsNameResolver resolver(DiscoverySettings settings, LoopResources loops) {
        EventLoopGroup group = loops.onServer(true);
        DnsNameResolverBuilder builder = new DnsNameResolverBuilder(group.next())
                .datagramChannelFactory(() -> loops.onChannel(DatagramChannel.class, group))
                .socketChannelFactory(() -> loops.onChannel(SocketChannel.class, group))
                .resolveCache(NoopDnsCache.INSTANCE)
                .cnameCache(NoopDnsCnameCache.INSTANCE)
                .authoritativeDnsServerCache(NoopAuthoritativeDnsServerCache.INSTANCE)
                .queryTimeoutMillis(Math.max(1, settings.timeout().toMillis() / 2));
        if (!settings.nameservers().isEmpty()) {
            builder.nameServerProvider(new SequentialDnsServerAddressStreamProvider(settings.nameservers()));
        }
        return builder.build();
    }

    @Bean
    ClientFinder clientFinder(DiscoverySettings settings, ObjectProvider<ReactiveDiscoveryClient> clients) {
        return new ClientFinder(() -> clients.orderedStream().toList(), settings, Schedulers.parallel());
    }
}
