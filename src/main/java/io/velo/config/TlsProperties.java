package io.velo.config;

import io.velo.tls.ClientCertificates;
import io.velo.tls.TlsLibrary;
import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * TLS towards clients, apart from server.ssl.*.
 *
 * @param provider auto: BoringSSL, or else the JDK's; jdk: the JDK's. For backends, too
 * @param clientCert what backends are told of the certificates of clients
 * @param redirect a port for clear text that sends everybody on to TLS
 * @param hsts what browsers are told
 */
public record TlsProperties(
        @DefaultValue("auto") TlsLibrary.Wanted provider,
        @DefaultValue ClientCert clientCert,
        @DefaultValue Redirect redirect,
        @DefaultValue Hsts hsts) {

    /**
     * What backends are told of the certificates of clients.
     *
     * @param field none; xfcc: X-Forwarded-Client-Cert, as Envoy; client-cert: Client-Cert and Client-Cert-Chain, as RFC 9440
     */
    public record ClientCert(@DefaultValue("none") ClientCertificates.Field field) {}

    /**
     * A port for clear text that sends everybody on to TLS.
     *
     * @param enabled whether there is one
     * @param port where; 0 for any that is free
     * @param httpsPort port that clients are sent to; 0 for server.port
     */
    public record Redirect(
            @DefaultValue("false") boolean enabled,
            @DefaultValue("8080") int port,
            @DefaultValue("0") int httpsPort) {}

    /**
     * Strict-Transport-Security, in answers by TLS that don't have it.
     *
     * @param maxAge how long a browser comes by TLS alone; 0s if it isn't told to
     * @param includeSubDomains whether that holds for all names below, too
     * @param preload whether browsers may bring it along
     */
    public record Hsts(
            @DefaultValue("0s") Duration maxAge,
            @DefaultValue("false") boolean includeSubDomains,
            @DefaultValue("false") boolean preload) {}
}
