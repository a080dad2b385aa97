package io.velo.lanes;

import static org.assertj.core.api.Assertions.assertThat;

import io.velo.route.Lane;
import io.velo.testing.RawBackend;
import io.velo.testing.RawClient;
import io.velo.testing.RawClient.Answer;
import io.velo.testing.RunningVelo;
import java.nio.file.Path;
import java.util.List;
import javax.net.ssl.KeyManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Certificates of clients decide who may pass. */
@ParameterizedClass(name = "{0}")
@EnumSource(Lane.class)
class ClientCertificateIT {

    private final Lane lane;

    ClientCertificateIT(Lane lane) {
        this.lane = lane;
    }

    private static Answer get(RunningVelo velo, KeyManager[] keys, String path) throws Exception {
        try (RawClient client = RawClient.byTls(velo.port(), keys)) {
            return client.send("GET " + path + " HTTP/1.1\r\nHost: velo.test\r\n\r\n")
                    .read();
        }
    }

    @Test
    void goByTheCertificate() throws Exception {
        Path known = SelfSigned.keyStore();
        try (RawBackend backend = RawBackend.saying("passed");
                RunningVelo velo = RunningVelo.unprobed(
                        lane,
                        List.of(backend),
                        "server.ssl.key-store=" + SelfSigned.keyStore(),
                        "server.ssl.key-store-password=" + SelfSigned.PASSWORD,
                        "server.ssl.client-auth=want",
                        "server.ssl.trust-store=" + known,
                        "server.ssl.trust-store-password=" + SelfSigned.PASSWORD,
                        "lb.auth.rules[0].paths=/known/**",
                        "lb.auth.rules[0].any-of=client-certificate",
                        "lb.auth.rules[0].claims=issuer=CN=127.0.0.1",
                        "lb.auth.rules[1].paths=/other",
                        "lb.auth.rules[1].any-of=client-certificate",
                        "lb.auth.rules[1].claims=subject=CN=other")) {
            KeyManager[] keys = SelfSigned.keys(known).getKeyManagers();

            assertThat(get(velo, keys, "/known/a").status()).isEqualTo(200);
            assertThat(backend.heads()).singleElement().asString().contains("X-Auth-User: 127.0.0.1\r\n");
            assertThat(get(velo, null, "/known/a").status()).as("none").isEqualTo(403);
            assertThat(get(velo, keys, "/other").status()).as("another subject").isEqualTo(403);
            assertThat(get(velo, null, "/open").status()).isEqualTo(200);
            KeyManager[] stranger = SelfSigned.keys(SelfSigned.keyStore()).getKeyManagers();
            assertThat(refused(velo, stranger))
                    .as("of the same name, signed by itself")
                    .isTrue();
            assertThat(backend.requests()).isEqualTo(2);
            velo.awaitIdle();
        }
    }

    /** A stranger's certificate isn't even offered by the JDK's client, or it breaks the handshake. */
    private static boolean refused(RunningVelo velo, KeyManager[] keys) throws Exception {
        try {
            return get(velo, keys, "/known/a").status() == 403;
        } catch (java.io.IOException handshake) {
            return true;
        }
    }
}
