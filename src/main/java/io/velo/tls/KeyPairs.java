package io.velo.tls;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.X509KeyManager;
import org.springframework.boot.ssl.SslBundle;

/**
 * Whether the certificates of a bundle belong to its keys. While files are being replaced one of them may be new and the other
 * old, and with such a pair no client could connect.
 */
final class KeyPairs {

    private static final List<String> KEY_TYPES = List.of("RSA", "EC", "EdDSA", "Ed25519", "RSASSA-PSS");
    private static final byte[] ANYTHING = "velo".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

    private KeyPairs() {}

    /**
     * Checks each.
     *
     * @throws IllegalStateException if there is no key, or a certificate is another one's
     */
    static void check(SslBundle bundle) {
        List<Pair> pairs = Stream.of(bundle.getManagers().getKeyManagers())
                .flatMap(KeyPairs::of)
                .toList();
        if (pairs.isEmpty()) {
            throw new IllegalStateException("the SSL bundle has no private key with a certificate");
        }
        pairs.forEach(Pair::check);
    }

    /** The certificate of the first pair; empty if there is none. */
    static Optional<X509Certificate> certificate(SslBundle bundle) {
        return Stream.of(bundle.getManagers().getKeyManagers())
                .flatMap(KeyPairs::of)
                .map(Pair::certificate)
                .findFirst();
    }

    private static Stream<Pair> of(KeyManager keys) {
        if (!(keys instanceof X509KeyManager named)) {
            return Stream.empty();
        }
        return KEY_TYPES.stream()
                .flatMap(type -> Stream.ofNullable(named.getServerAliases(type, null)))
                .flatMap(Stream::of)
                .distinct()
                .filter(alias -> named.getPrivateKey(alias) != null && named.getCertificateChain(alias) != null)
                .map(alias -> new Pair(named.getPrivateKey(alias), named.getCertificateChain(alias)[0]));
    }

    private record Pair(PrivateKey key, X509Certificate certificate) {

        void check() {
            String algorithm =
                    switch (key.getAlgorithm()) {
                        case "RSA" -> "SHA256withRSA";
                        case "EC" -> "SHA256withECDSA";
                        case "EdDSA", "Ed25519", "Ed448" -> "EdDSA";
                        default -> "";
                    };
            if (!algorithm.isEmpty() && !matches(algorithm)) {
                throw new IllegalStateException("the private key isn't that of the certificate of "
                        + certificate.getSubjectX500Principal().getName());
            }
        }

        private boolean matches(String algorithm) {
            try {
                Signature signing = Signature.getInstance(algorithm);
                signing.initSign(key);
                signing.update(ANYTHING);
                byte[] signature = signing.sign();
                Signature verifying = Signature.getInstance(algorithm);
                verifying.initVerify(certificate.getPublicKey());
                verifying.update(ANYTHING);
                return verifying.verify(signature);
            } catch (GeneralSecurityException e) { // keys of different kinds
                return false;
            }
        }
    }
}
