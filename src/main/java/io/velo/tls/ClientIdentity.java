package io.velo.tls;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import io.velo.http.FieldNames;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What backends are told of the certificate that a client has shown: nothing, or fields that were worked out once for its
 * connection. Immutable.
 */
public final class ClientIdentity {

    /** Of a client that has shown none, or of which nothing is to be told. */
    public static final ClientIdentity NONE = new ClientIdentity("", "", "");

    private static final AsciiString XFCC = AsciiString.cached("X-Forwarded-Client-Cert");
    private static final AsciiString CERT = AsciiString.cached("Client-Cert");
    private static final AsciiString CHAIN = AsciiString.cached("Client-Cert-Chain");
    private static final int DNS_NAME = 2;
    private static final int URI_NAME = 6;

    private final String element;
    private final String certificate;
    private final String chain;

    private ClientIdentity(String element, String certificate, String chain) {
        this.element = element;
        this.certificate = certificate;
        this.chain = chain;
    }

    /** In Envoy's words: hash, subject, and the URIs and DNS names that it stands for. */
    static ClientIdentity envoy(List<X509Certificate> shown) throws GeneralSecurityException {
        X509Certificate own = shown.get(0);
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(own.getEncoded());
        List<String> parts = new ArrayList<>();
        parts.add("Hash=" + HexFormat.of().formatHex(hash));
        parts.add("Subject=" + quoted(own.getSubjectX500Principal().getName()));
        names(own, URI_NAME).forEach(name -> parts.add("URI=" + safe(name)));
        names(own, DNS_NAME).forEach(name -> parts.add("DNS=" + safe(name)));
        return new ClientIdentity(String.join(";", parts), "", "");
    }

    /** By RFC 9440: the certificate itself, and those between it and its root. */
    static ClientIdentity rfc9440(List<X509Certificate> shown) throws GeneralSecurityException {
        List<String> all = new ArrayList<>();
        for (X509Certificate each : shown) {
            all.add(":" + Base64.getEncoder().encodeToString(each.getEncoded()) + ":");
        }
        return new ClientIdentity("", all.get(0), all.stream().skip(1).collect(Collectors.joining(", ")));
    }

    private static Stream<String> names(X509Certificate certificate, int type) throws CertificateParsingException {
        Collection<List<?>> names = certificate.getSubjectAlternativeNames();
        return names == null
                ? Stream.empty()
                : names.stream()
                        .filter(name -> Integer.valueOf(type).equals(name.get(0)))
                        .map(name -> String.valueOf(name.get(1)));
    }

    private static String safe(String text) {
        return text.matches("[!-~&&[^,;=\"\\\\]]*") ? text : quoted(text);
    }

    /** Visible ASCII as it is, whatever else as the bytes of its UTF-8, so that nothing can break out of the field. */
    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
            if (each == '"' || each == '\\') {
                quoted.append('\\').append((char) each);
            } else if (each >= ' ' && each < 0x7f && each != '%') {
                quoted.append((char) each);
            } else {
                quoted.append('%').append(HexFormat.of().withUpperCase().toHexDigits(each));
            }
        }
        return quoted.append('"').toString();
    }

    /** Whether the field is one of those that only Velo, or a proxy that it trusts, may set; also with underscores for dashes. */
    public static boolean owns(CharSequence field) {
        return FieldNames.alike(CERT, field) || FieldNames.alike(CHAIN, field);
    }

    /**
     * Tells a backend.
     *
     * @param head without what the client itself says in these fields, unless it is a trusted proxy
     */
    public void tell(HttpHeaders head) {
        if (!element.isEmpty()) {
            String before = head.get(XFCC);
            head.set(XFCC, before == null ? element : before + "," + element);
        } else if (!certificate.isEmpty() && !head.contains(CERT)) {
            head.set(CERT, certificate);
            if (!chain.isEmpty()) {
                head.set(CHAIN, chain);
            }
        }
    }
}
