package io.velo.tls;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/** Reads from a client's connection which certificate it has shown, once for all of its requests. */
public final class ClientCertificates {

    /** Nobody is told of any. */
    public static final ClientCertificates UNTOLD = new ClientCertificates(Field.NONE);

    private static final AttributeKey<ClientIdentity> KNOWN =
            AttributeKey.valueOf(ClientCertificates.class, "identity");

    private final Field field;

    ClientCertificates(Field field) {
        this.field = field;
    }

    /** How backends are told of it. */
    public enum Field {
        /** Not at all. */
        NONE,
        /** In {@code X-Forwarded-Client-Cert}, as Envoy does. */
        XFCC,
        /** In {@code Client-Cert} and {@code Client-Cert-Chain}, as RFC 9440 has it. */
        CLIENT_CERT
    }

    /**
     * Whose connection this is.
     *
     * @param client a connection, or a stream of one
     */
    public ClientIdentity of(Channel client) {
        if (field == Field.NONE) {
            return ClientIdentity.NONE;
        }
        ClientIdentity known = client.attr(KNOWN).get();
        if (known == null) {
            known = read(client);
            client.attr(KNOWN).set(known);
        }
        return known;
    }

    /**
     * The certificates that were shown and found good, the client's own first; none without TLS or without one.
     *
     * @param client a connection, or a stream of one
     */
    public static List<X509Certificate> shown(Channel client) {
        return ClientSession.of(client).map(ClientCertificates::shownIn).orElse(List.of());
    }

    private static List<X509Certificate> shownIn(SSLSession session) {
        try {
            return Stream.of(session.getPeerCertificates())
                    .map(ClientCertificates::x509)
                    .toList();
        } catch (SSLPeerUnverifiedException none) {
            return List.of();
        }
    }

    private ClientIdentity read(Channel client) {
        List<X509Certificate> shown = shown(client);
        try {
            return shown.isEmpty() ? ClientIdentity.NONE : told(shown);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a certificate that was accepted cannot be read", e);
        }
    }

    private static X509Certificate x509(Certificate certificate) {
        return (X509Certificate) certificate;
    }

    private ClientIdentity told(List<X509Certificate> shown) throws GeneralSecurityException {
        return field == Field.XFCC ? ClientIdentity.envoy(shown) : ClientIdentity.rfc9440(shown);
    }
}
