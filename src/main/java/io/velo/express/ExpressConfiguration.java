package io.velo.express;

import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.dns.DnsAddressResolverGroup;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.velo.access.Guard;
import io.velo.backend.ConnectionCounts;
import io.velo.limit.Overload;
import io.velo.limit.RateLimits;
import io.velo.pool.Canaries;
import io.velo.pool.Pools;
import io.velo.route.RequestListener;
import io.velo.route.Routes;
import io.velo.route.SecondChances;
import io.velo.route.TermsByRoute;
import io.velo.tls.BackendTls;
import io.velo.tls.ClientCertificates;
import io.velo.websocket.Sessions;
import io.velo.wire.BackendConnections;
import io.velo.wire.Http11;
import io.velo.wire.Http2;
import io.velo.wire.Mirrors;
import io.velo.wire.Records;
import io.velo.wire.TrustedProxies;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.netty.NettyPipeline;
import reactor.netty.resources.LoopResources;

@Configuration(proxyBeanMethods = false)
class ExpressConfiguration {

    @Bean
    BackendConnections backendConnections(
            ExpressSettings settings,
            LoopResources loops,
            Mirrors mirrors,
            BackendTls tls,
            ObjectProvider<ConnectionCounts.Listener> listeners) {
        return new BackendConnections(
                settings.upstream(),
                loops.onChannelClass(SocketChannel.class, loops.onServer(true)),
                resolvers(loops),
                tls,
                listeners.orderedStream().toList(),
                System::nanoTime,
                mirrors);
    }

    private static AddressResolverGroup<InetSocketAddress> resolvers(LoopResources loops) {
        return new DnsAddressResolverGroup(new DnsNameResolverBuilder()
                .datagramChannelFactory(() -> loops.onChannel(DatagramChannel.class, loops.onServer(true))));
    }

    @Bean
    Sessions webSocketSessions(ExpressSettings settings) {
        return new Sessions(
                System::nanoTime, bound -> ThreadLocalRandom.current().nextInt(bound), settings.clientWrite());
    }

    @Bean
    NettyServerCustomizer expressLane(
            ExpressSettings settings,
            Routes routes,
            Pools pools,
            Canaries canaries,
            Guard guard,
            BackendConnections connections,
            Sessions sessions,
            Records records,
            ClientCertificates certificates,
            RateLimits limits,
            TermsByRoute terms,
            Overload overload,
            ObjectProvider<RequestListener> listeners) {
        List<RequestListener> told = listeners.orderedStream().toList();
        ExpressLane lane = new ExpressLane(
                routes,
                pools,
                canaries,
                guard,
                connections,
                sessions,
                told,
                new SecondChances(told),
                records,
                new TrustedProxies(settings.trustedProxies()),
                certificates,
                settings.explain(),
                limits,
                terms,
                overload,
                System::nanoTime);
        return server -> Http2.whenOpened(server, pipeline -> switchLanes(pipeline, lane))
                .doOnChannelInit((observer, channel, remote) ->
                        Http11.whenSpoken(channel, pipeline -> switchLanes(pipeline, lane)));
    }

    private static void switchLanes(ChannelPipeline pipeline, ExpressLane lane) {
        pipeline.addBefore(NettyPipeline.HttpTrafficHandler, "velo.laneSwitch", new LaneSwitch(lane));
    }
}
