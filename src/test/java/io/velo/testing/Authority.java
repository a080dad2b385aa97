package io.velo.testing;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;

/** Signs certificates, and puts them where a bundle looks for them. */
public final class Authority {

    private static final Duration LIFE = Duration.ofDays(1);

    private final X509Bundle root;
    private final Path directory;

    private Authority(X509Bundle root, Path directory) {
        this.root = root;
        this.directory = directory;
    }

    public static Authority named(String name) throws Exception {
        X509Bundle root = builder(name).setIsCertificateAuthority(true).buildSelfSigned();
        return new Authority(root, Files.createTempDirectory("velo-tls"));
    }

    private static CertificateBuilder builder(String name) {
        return new CertificateBuilder()
                .ecp256()
                .subject("CN=" + name)
                .notBefore(Instant.now().minus(LIFE))
                .notAfter(Instant.now().plus(LIFE));
    }

    /** A certificate for one name, or the address 127.0.0.1. */
    public X509Bundle signed(String name) throws Exception {
        CertificateBuilder builder = builder(name);
        if (name.equals("127.0.0.1")) {
            builder.addSanIpAddress(name);
        } else {
            builder.addSanDnsName(name);
        }
        return builder.buildIssuedBy(root);
    }

    public X509Bundle root() {
        return root;
    }

    /** Writes key and certificate, in place of what is there. */
    public void write(String bundle, X509Bundle certificate) throws IOException {
        replace(bundle + ".key", certificate.getPrivateKeyPEM());
        replace(bundle + ".crt", certificate.getCertificatePathPEM());
    }

    /** Writes the root's certificate, by which others are trusted. */
    public void writeRoot(String bundle) throws IOException {
        replace(bundle + ".ca", root.getCertificatePEM());
    }

    /** The same for another's. */
    public static void writeRoot(Authority to, String bundle, Authority other) throws IOException {
        to.replace(bundle + ".ca", other.root.getCertificatePEM());
    }

    private void replace(String file, String text) throws IOException {
        Path next = Files.writeString(directory.resolve(file + ".next"), text);
        Files.move(next, directory.resolve(file), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** The property by which a bundle takes its key and certificate from here, and is reloaded. */
    public String[] properties(String bundle) {
        String prefix = "spring.ssl.bundle.pem." + bundle + ".";
        return new String[] {
            prefix + "keystore.certificate=" + directory.resolve(bundle + ".crt"),
            prefix + "keystore.private-key=" + directory.resolve(bundle + ".key"),
            prefix + "reload-on-update=true"
        };
    }

    /** The property by which a bundle trusts those whom this has signed. */
    public String trust(String bundle) {
        return "spring.ssl.bundle.pem." + bundle + ".truststore.certificate=" + directory.resolve(bundle + ".ca");
    }
}
