package io.velo.tls;

import io.netty.handler.ssl.ApplicationProtocolNames;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.web.server.Http2;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;
import reactor.netty.resources.LoopResources;

@Configuration(proxyBeanMethods = false)
class TlsConfiguration {

    private static final Logger log = LoggerFactory.getLogger("io.velo");

    private static final String RENEGOTIATION = "jdk.tls.rejectClientInitiatedRenegotiation";

    /** With the JDK's TLS clients could have a connection negotiated again and again; BoringSSL never lets them. */
    TlsConfiguration() {
        if (System.getProperty(RENEGOTIATION) == null) {
            System.setProperty(RENEGOTIATION, "true");
        }
    }

    /** Only when somebody speaks TLS: to look for BoringSSL takes a thirtieth of the start, and memory. */
    @Bean
    @Lazy
    TlsLibrary tlsLibrary(TlsSettings settings, ServerProperties server) {
        TlsLibrary chosen = TlsLibrary.chosen(settings.library());
        boolean missed = settings.library() == TlsLibrary.Wanted.AUTO && chosen == TlsLibrary.JDK;
        if (missed && Ssl.isEnabled(server.getSsl())) {
            log.warn("TLS goes on by the JDK, BoringSSL isn't to be had here: {}", TlsLibrary.whyNoBoringSsl());
        } else if (Ssl.isEnabled(server.getSsl())) {
            log.info("TLS by {}", chosen);
        }
        return chosen;
    }

    @Bean
    BackendTls backendTls(SslBundles bundles, ObjectProvider<TlsLibrary> library) {
        return new BackendTls(bundles, new SslContexts(library::getObject));
    }

    @Bean
    NettyServerCustomizer tlsTermination(
            ServerProperties server, SslBundles bundles, ObjectProvider<TlsLibrary> library) {
        Ssl ssl = server.getSsl();
        if (ssl == null || !Ssl.isEnabled(ssl)) {
            return clearText -> clearText;
        }
        return new TlsTermination(ssl, protocols(server.getHttp2()), bundles, new SslContexts(library::getObject));
    }

    private static List<String> protocols(Http2 http2) {
        return http2.isEnabled()
                ? List.of(ApplicationProtocolNames.HTTP_2, ApplicationProtocolNames.HTTP_1_1)
                : List.of(ApplicationProtocolNames.HTTP_1_1);
    }

    @Bean
    ClientCertificates clientCertificates(TlsSettings settings) {
        return new ClientCertificates(settings.clientCertificate());
    }

    @Bean
    @ConditionalOnBooleanProperty("lb.tls.redirect.enabled")
    HttpsRedirect httpsRedirect(
            TlsSettings settings,
            ServerProperties server,
            @Qualifier("proxyHeaders") NettyServerCustomizer proxyHeaders,
            LoopResources loops,
            Environment environment) {
        TlsSettings.Redirect redirect = settings.redirect();
        String address =
                server.getAddress() == null ? "0.0.0.0" : server.getAddress().getHostAddress();
        return new HttpsRedirect(
                address,
                redirect.port(),
                () -> httpsPort(redirect.httpsPort(), environment),
                proxyHeaders::apply,
                loops);
    }

    private static int httpsPort(int given, Environment environment) {
        return given == 0 ? environment.getProperty("local.server.port", Integer.class, 443) : given;
    }
}
