package io.velo.gateway;

import io.velo.wire.ClientGuards;
import io.velo.wire.FirstBytes;
import io.velo.wire.Http2;
import io.velo.wire.Records;
import io.velo.wire.h2.FloodListener;
import io.velo.wire.h2.FrameGate;
import io.velo.wire.h2.Http2Limits;
import io.velo.wire.h2.Http2Offer;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.cloud.gateway.config.HttpClientCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import reactor.netty.http.Http2SettingsSpec;
import reactor.netty.http.server.HttpServer;

/** HTTP/2 from clients: where it is spoken, {@code server.http2.enabled} says. */
@Configuration(proxyBeanMethods = false)
class Http2Configuration {

    @Bean
    @Order(-1) // before the guards and lanes, which ask what a connection speaks
    NettyServerCustomizer http2Clients(
            GatewaySettings settings,
            Http2Limits limits,
            Records records,
            Endings endings,
            ObjectProvider<FloodListener> listeners) {
        List<FloodListener> told = listeners.orderedStream().toList();
        return server -> Http2.whenOpened(
                        server,
                        stream -> ClientGuards.installOnStream(
                                stream, limits, settings.clientRules(), records, endings::refused))
                .doOnChannelInit((observer, channel, remote) -> {
                    FirstBytes.await(channel, settings.clientRules().times(), records.nanos());
                    Http2.whenSpoken(
                            channel,
                            () -> new FrameGate(limits, why -> told.forEach(each -> each.ended(why)), records.nanos()));
                });
    }

    /** Behind Spring Boot's own customizer, which begins anew and sets the length of heads alone. */
    @Bean
    WebServerFactoryCustomizer<NettyReactiveWebServerFactory> http2Settings(
            Http2Limits limits, ObjectProvider<Http2Offer> offers) {
        return factory -> factory.addServerCustomizers(
                server -> offering(server, limits, offers.orderedStream().toList()));
    }

    /** WebSockets (RFC 8441), unless all would be the gateway's own filter's, which knows HTTP/1.1 only. */
    @Bean
    Http2Offer webSocketsByHttp2(ObjectProvider<HttpClientCustomizer> customizers) {
        return offer ->
                offer.connectProtocolEnabled(customizers.stream().findAny().isEmpty());
    }

    /** The gate counts resets, and tells those that are a backend's fault apart. */
    private static HttpServer offering(HttpServer server, Http2Limits limits, List<Http2Offer> others) {
        return server.http2Settings(offer -> {
            offer.maxConcurrentStreams(limits.maxConcurrentStreams())
                    .initialWindowSize(limits.initialWindowSize())
                    .maxHeaderListSize(limits.maxHeaderListSize());
            uncounted(offer);
            others.forEach(other -> other.add(offer));
        });
    }

    private static void uncounted(Http2SettingsSpec.Builder offer) {
        offer.maxDecodedRstFramesPerWindow(0, 0).maxEncodedRstFramesPerWindow(0, 0);
    }
}
