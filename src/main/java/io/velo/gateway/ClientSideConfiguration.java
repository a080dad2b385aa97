package io.velo.gateway;

import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ServerChannelRecvByteBufAllocator;
import io.velo.proxyprotocol.ProxyHeaderReader;
import io.velo.tls.StrictTransport;
import io.velo.tls.TlsSettings;
import io.velo.wire.ClientConnections;
import io.velo.wire.ClientGuards;
import io.velo.wire.Http11;
import io.velo.wire.Http2;
import io.velo.wire.Records;
import io.velo.wire.TrustedProxies;
import io.velo.wire.UnsentBytes;
import java.util.concurrent.atomic.AtomicReference;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import reactor.netty.NettyPipeline;
import reactor.netty.http.server.HttpRequestDecoderSpec;
import reactor.netty.http.server.HttpServer;

/** What stands on the connections of clients before either lane. Whoever comes by a management port of its own is no client. */
@Configuration(proxyBeanMethods = false)
class ClientSideConfiguration {

    /** Connections accepted in one go: Netty's 16 would let those of a burst wait while others are served many times. */
    private static final int MOST_ACCEPTED = 256;

    @Bean
    NettyServerCustomizer proxyHeaders(GatewaySettings settings) {
        TrustedProxies proxies = new TrustedProxies(settings.headerProxies());
        return settings.headerProxies().isEmpty()
                ? server -> server
                : server -> server.doOnChannelInit((observer, channel, remote) -> ProxyHeaderReader.install(
                        channel, proxies, settings.clientRules().times().head()));
    }

    @Bean
    @Order(-1) // refused connections come to nobody else
    NettyServerCustomizer connectionLimits(ClientConnections connections) {
        return server -> server.doOnChannelInit((observer, channel, remote) -> connections.accept(channel));
    }

    @Bean
    NettyServerCustomizer unsentBytes() {
        return server -> server.doOnChannelInit((observer, channel, remote) -> UnsentBytes.bound(channel));
    }

    @Bean
    @Order(0) // the lanes stand behind the guards
    NettyServerCustomizer requestGuards(GatewaySettings settings, Records records, Endings endings) {
        return server -> guarded(server, settings, records, endings);
    }

    /** Behind the guards, whose own answers need it as much. */
    @Bean
    @Order(1)
    NettyServerCustomizer strictTransport(TlsSettings settings) {
        return settings.strictTransport()
                .<NettyServerCustomizer>map(strict -> server -> telling(server, strict))
                .orElse(server -> server);
    }

    private static HttpServer telling(HttpServer server, StrictTransport strict) {
        return Http2.whenOpened(server, stream -> tell(stream, NettyPipeline.H2ToHttp11Codec, strict))
                .doOnChannelInit((observer, channel, remote) ->
                        Http11.whenSpoken(channel, pipeline -> tell(pipeline, NettyPipeline.HttpCodec, strict)));
    }

    private static void tell(ChannelPipeline client, String codec, StrictTransport strict) {
        if (Http11.isSecure(Http2.connection(client.channel()).pipeline())) {
            client.addAfter(codec, "velo.strictTransport", strict);
        }
    }

    private static HttpServer guarded(HttpServer server, GatewaySettings settings, Records records, Endings endings) {
        AtomicReference<HttpRequestDecoderSpec> limits =
                new AtomicReference<>(server.configuration().decoder());
        return server.option(
                        ChannelOption.RECVBUF_ALLOCATOR,
                        new ServerChannelRecvByteBufAllocator()
                                .respectMaybeMoreData(false)
                                .maxMessagesPerRead(MOST_ACCEPTED))
                .doOnBind(config -> limits.set(config.decoder())) // only then has every customizer had its say
                .doOnChannelInit((observer, channel, remote) -> Http11.whenSpoken(
                        channel,
                        pipeline -> ClientGuards.install(
                                pipeline, limits.get(), settings.clientRules(), records, endings::refused)));
    }
}
