package io.velo.lanes;

import io.netty.handler.ssl.SslContextBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/** A certificate that nobody has signed but itself, and a backend that shows it. */
final class SelfSigned {

    static final String PASSWORD = "changeit";

    private SelfSigned() {}

    static DisposableServer server() throws Exception {
        KeyManagerFactory keys = keys();
        return HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .secure(spec -> spec.sslContext(sslContext(keys)))
                .handle((request, response) -> response.sendString(Mono.just("secret")))
                .bindNow();
    }

    private static io.netty.handler.ssl.SslContext sslContext(KeyManagerFactory keys) {
        try {
            return SslContextBuilder.forServer(keys).build();
        } catch (javax.net.ssl.SSLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyManagerFactory keys() throws Exception {
        return keys(keyStore());
    }

    /** The key in such a file. */
    static KeyManagerFactory keys(Path store) throws Exception {
        KeyStore keyStore = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(keyStore, PASSWORD.toCharArray());
        return keys;
    }

    /** A file with key and certificate, in PKCS #12. */
    static Path keyStore() throws Exception {
        Path store = Files.createTempDirectory("velo").resolve("self.p12");
        String keytool =
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        Process process = new ProcessBuilder(
                        keytool,
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=127.0.0.1",
                        "-alias",
                        "self",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        PASSWORD,
                        "-keystore",
                        store.toString())
                .inheritIO()
                .start();
        if (process.waitFor() != 0) {
            throw new IllegalStateException("keytool failed");
        }
        return store;
    }
}
