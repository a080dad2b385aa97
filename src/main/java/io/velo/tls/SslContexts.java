package io.velo.tls;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.netty.handler.ssl.OpenSslCachingX509KeyManagerFactory;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.velo.tls.BackendTlsSettings.Verify;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLException;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslOptions;

/**
 * Makes Netty's contexts of Boot's bundles. What a bundle doesn't say is set as Mozilla's "intermediate" has it: TLS 1.2 and 1.3,
 * with forward secrecy and authenticated encryption, and in the server's order.
 */
final class SslContexts {

    private static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

    private static final List<String> CIPHERS = List.of(
            "TLS_AES_128_GCM_SHA256",
            "TLS_AES_256_GCM_SHA384",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    /** How long a client may come back to a session, in seconds. */
    private static final int SESSION_SECONDS = 12 * 60 * 60;

    private final Supplier<TlsLibrary> library;

    /**
     * @param library asked when there is a context to be made
     */
    SslContexts(Supplier<TlsLibrary> library) {
        this.library = library;
    }

    /**
     * Towards clients.
     *
     * @param protocols what is offered by ALPN, the preferred one first
     * @throws IllegalStateException if the bundle isn't good for that
     */
    SslContext forServer(SslBundle bundle, ClientAuth clients, List<String> protocols) {
        KeyPairs.check(bundle);
        SslContextBuilder builder = SslContextBuilder.forServer(keysOf(bundle))
                .clientAuth(clients)
                .sessionTimeout(SESSION_SECONDS)
                .applicationProtocolConfig(alpn(protocols));
        trust(builder, bundle);
        SslContext context = built(builder, Optional.of(bundle));
        if (context.sessionContext() instanceof OpenSslSessionContext sessions) {
            sessions.setTicketKeys(); // for TLS 1.2, too; BoringSSL makes the keys, and new ones every other day
        }
        return context;
    }

    private static ApplicationProtocolConfig alpn(List<String> protocols) {
        return new ApplicationProtocolConfig(
                Protocol.ALPN, SelectorFailureBehavior.NO_ADVERTISE, SelectedListenerFailureBehavior.ACCEPT, protocols);
    }

    /**
     * Towards backends.
     *
     * @param protocols what is offered by ALPN, the preferred one first; empty for no offer
     * @throws IllegalStateException if the bundle isn't good for that
     */
    SslContext forClient(Optional<SslBundle> bundle, Verify verify, List<String> protocols) {
        SslContextBuilder builder =
                SslContextBuilder.forClient().endpointIdentificationAlgorithm(verify == Verify.FULL ? "HTTPS" : null);
        if (!protocols.isEmpty()) {
            builder.applicationProtocolConfig(alpn(protocols));
        }
        bundle.ifPresent(given -> trust(builder, given));
        bundle.filter(given -> given.getStores().getKeyStore() != null).ifPresent(given -> {
            KeyPairs.check(given);
            builder.keyManager(keysOf(given));
        });
        if (verify == Verify.NONE) {
            builder.trustManager(InsecureTrustManagerFactory.INSTANCE);
        }
        return built(builder, bundle);
    }

    /** BoringSSL would have the keys converted for each handshake otherwise. */
    private KeyManagerFactory keysOf(SslBundle bundle) {
        KeyManagerFactory keys = bundle.getManagers().getKeyManagerFactory();
        return library.get() == TlsLibrary.BORING_SSL ? new OpenSslCachingX509KeyManagerFactory(keys) : keys;
    }

    /** Without a trust store of its own a bundle leaves it to the JVM's. */
    private static void trust(SslContextBuilder builder, SslBundle bundle) {
        if (bundle.getStores().getTrustStore() != null) {
            builder.trustManager(bundle.getManagers().getTrustManagerFactory());
        }
    }

    private SslContext built(SslContextBuilder builder, Optional<SslBundle> bundle) {
        Optional<SslOptions> options = bundle.map(SslBundle::getOptions);
        String[] protocols = options.map(SslOptions::getEnabledProtocols).orElseGet(() -> new String[0]);
        String[] ciphers = options.map(SslOptions::getCiphers).orElseGet(() -> new String[0]);
        builder.sslProvider(library.get().provider()).protocols(protocols.length == 0 ? PROTOCOLS : List.of(protocols));
        if (ciphers.length == 0) {
            builder.ciphers(CIPHERS, SupportedCipherSuiteFilter.INSTANCE);
        } else {
            builder.ciphers(List.of(ciphers), IdentityCipherSuiteFilter.INSTANCE); // a mistake is to be heard of
        }
        try {
            return builder.build();
        } catch (SSLException | IllegalArgumentException e) {
            throw new IllegalStateException("no TLS can be made of the SSL bundle: " + e.getMessage(), e);
        }
    }
}
