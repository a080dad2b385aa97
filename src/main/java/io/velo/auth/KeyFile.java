package io.velo.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.text.ParseException;
import java.util.Base64;
import java.util.List;

/** Reads public keys from a file: a JWK set, a public key in PEM ({@code PUBLIC KEY}), or a certificate in PEM. */
public final class KeyFile {

    private KeyFile() {}

    /**
     * A JWK set as text, of public keys alone.
     *
     * @throws IllegalArgumentException if the file isn't there or has no such thing; the message tells why without its content
     */
    public static String read(String location) {
        try {
            JWKSet keys = parse(
                    Files.readString(Path.of(location), StandardCharsets.UTF_8).strip());
            if (keys.isEmpty()) {
                throw new IllegalArgumentException("has no public key");
            }
            return keys.toString();
        } catch (IOException e) {
            throw new IllegalArgumentException("can't be read", e);
        } catch (ParseException
                | GeneralSecurityException
                | JOSEException
                | IllegalStateException e) { // the last by builders
            throw new IllegalArgumentException("has neither a JWK set nor a public key in PEM", e);
        }
    }

    private static JWKSet parse(String text) throws ParseException, GeneralSecurityException, JOSEException {
        if (text.startsWith("{")) {
            return JWKSet.parse(text).toPublicJWKSet();
        }
        if (text.contains("BEGIN CERTIFICATE")) {
            X509Certificate certificate = (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
            return setOf(certificate.getPublicKey());
        }
        byte[] encoded = Base64.getMimeDecoder().decode(text.replaceAll("-----[^-]*-----", ""));
        X509EncodedKeySpec spec = new X509EncodedKeySpec(encoded);
        try {
            return setOf(KeyFactory.getInstance("RSA").generatePublic(spec));
        } catch (GeneralSecurityException notRsa) {
            return setOf(KeyFactory.getInstance("EC").generatePublic(spec));
        }
    }

    private static JWKSet setOf(PublicKey key) throws GeneralSecurityException, JOSEException {
        if (key instanceof RSAPublicKey rsa) {
            return new JWKSet(new RSAKey.Builder(rsa).build());
        }
        if (key instanceof ECPublicKey ec) {
            JWK jwk = new ECKey.Builder(com.nimbusds.jose.jwk.Curve.forECParameterSpec(ec.getParams()), ec).build();
            return new JWKSet(List.of(jwk));
        }
        throw new GeneralSecurityException("neither RSA nor EC");
    }
}
