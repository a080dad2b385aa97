package io.velo.http3;

import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.ClientAuth;
import io.velo.wire.Http11;
import io.velo.wire.Http2;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.WebServer;
import org.springframework.boot.web.server.WebServerSslBundle;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.ReactorHttpHandlerAdapter;
import org.springframework.util.function.SingletonSupplier;
import reactor.netty.NettyPipeline;
import reactor.netty.http.Http3SslContextSpec;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.server.HttpServer;
import reactor.netty.resources.LoopResources;

@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty("lb.http3.enabled")
class Http3Configuration {

    private static final long WINDOW = 1 << 20;
    private static final long CONNECTION_WINDOW = 16 << 20;
    private static final int MOST_STREAMS = 100;
    private static final int MOST_FIELD_BYTES = 16 << 10;

    @Bean
    AltSvc altSvc() {
        return new AltSvc();
    }

    /** Behind the codec, so that Velo's own answers pass it, too. */
    @Bean
    NettyServerCustomizer altSvcField(AltSvc altSvc) {
        return server -> Http2.whenOpened(server, stream -> tell(stream, NettyPipeline.H2ToHttp11Codec, altSvc))
                .doOnChannelInit((observer, channel, remote) ->
                        Http11.whenSpoken(channel, pipeline -> tell(pipeline, NettyPipeline.HttpCodec, altSvc)));
    }

    private static void tell(ChannelPipeline client, String codec, AltSvc altSvc) {
        if (altSvc.concerns(Http2.connection(client.channel()).localAddress())) {
            client.addAfter(codec, "velo.altSvc", altSvc);
        }
    }

    @Bean
    Http3Server http3Server(
            Http3Settings settings,
            ServerProperties server,
            ObjectProvider<SslBundles> bundles,
            ObjectProvider<HttpHandler> handler,
            WebServerApplicationContext context,
            LoopResources loops,
            AltSvc altSvc) {
        SingletonSupplier<ReactorHttpHandlerAdapter> adapter =
                SingletonSupplier.of(() -> new ReactorHttpHandlerAdapter(handler.getObject()));
        return new Http3Server(
                () -> secured(configured(settings, loops), server, bundles.getIfAvailable()),
                (request, response) -> adapter.obtain().apply(request, response),
                () -> tcpPort(context),
                settings.port(),
                altSvc);
    }

    private static HttpServer secured(HttpServer unsecured, ServerProperties server, @Nullable SslBundles bundles) {
        Ssl ssl = Objects.requireNonNull(server.getSsl(), "lb.http3.enabled needs server.ssl");
        SslBundle bundle = WebServerSslBundle.get(ssl, bundles);
        HttpServer secured = unsecured.secure(spec -> spec.sslContext(certificate(ssl, bundle)));
        return server.getAddress() == null
                ? secured
                : secured.host(server.getAddress().getHostAddress());
    }

    private static int tcpPort(WebServerApplicationContext context) {
        WebServer server = Objects.requireNonNull(context.getWebServer(), "no server for TCP");
        return server.getPort();
    }

    private static HttpServer configured(Http3Settings settings, LoopResources loops) {
        return HttpServer.create()
                .runOn(loops)
                .protocol(HttpProtocol.HTTP3)
                .option(ChannelOption.SO_REUSEADDR, true)
                .http3Settings(quic -> quic.idleTimeout(settings.idle())
                        .maxData(CONNECTION_WINDOW)
                        .maxStreamDataBidirectionalLocal(WINDOW)
                        .maxStreamDataBidirectionalRemote(WINDOW)
                        .maxStreamsBidirectional(MOST_STREAMS)
                        .maxFieldSectionSize(MOST_FIELD_BYTES));
    }

    /** The same certificate as by TCP, and the same one asked of clients. */
    private static Http3SslContextSpec certificate(Ssl ssl, SslBundle bundle) {
        Http3SslContextSpec spec = Http3SslContextSpec.forServer(
                bundle.getManagers().getKeyManagerFactory(), bundle.getKey().getPassword());
        if (ssl.getClientAuth() == null || ssl.getClientAuth() == Ssl.ClientAuth.NONE) {
            return spec;
        }
        ClientAuth asked = ssl.getClientAuth() == Ssl.ClientAuth.NEED ? ClientAuth.REQUIRE : ClientAuth.OPTIONAL;
        return spec.configure(
                builder -> builder.trustManager(bundle.getManagers().getTrustManagerFactory())
                        .clientAuth(asked));
    }
}
