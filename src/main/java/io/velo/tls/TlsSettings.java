package io.velo.tls;

import java.time.Duration;
import java.util.Optional;

/**
 * TLS towards clients, apart from what Boot's own keys say.
 *
 * @param library who does its arithmetic, towards backends, too
 * @param clientCertificate how backends are told of a client's certificate
 * @param redirect the way from clear text to TLS
 * @param strict what browsers are told
 */
public record TlsSettings(
        TlsLibrary.Wanted library, ClientCertificates.Field clientCertificate, Redirect redirect, Strict strict) {

    /** What puts into answers what browsers are told; empty if it is nothing. */
    public Optional<StrictTransport> strictTransport() {
        return strict.maxAge().isZero()
                ? Optional.empty()
                : Optional.of(new StrictTransport(strict.maxAge(), strict.includeSubDomains(), strict.preload()));
    }

    /**
     * A port for clear text that sends everybody on to TLS.
     *
     * @param enabled whether there is one
     * @param port 0 for any that is free
     * @param httpsPort where clients are sent; 0 for the port that Velo listens at
     */
    public record Redirect(boolean enabled, int port, int httpsPort) {}

    /**
     * Strict transport security.
     *
     * @param maxAge how long a browser remembers to come by TLS; zero if it isn't told to
     * @param includeSubDomains whether that holds for all names below
     * @param preload whether browsers may bring it along
     */
    public record Strict(Duration maxAge, boolean includeSubDomains, boolean preload) {}
}
