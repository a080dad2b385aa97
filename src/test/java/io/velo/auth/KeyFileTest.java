package io.velo.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.jwk.JWKSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.text.ParseException;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyFileTest {

    @TempDir
    Path directory;

    private JWKSet read(String content) throws IOException, ParseException {
        return JWKSet.parse(KeyFile.read(file(content)));
    }

    private String file(String content) throws IOException {
        return Files.writeString(directory.resolve("key"), content).toString();
    }

    private static String pem(PublicKey key) {
        return "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(key.getEncoded())
                + "\n-----END PUBLIC KEY-----\n";
    }

    @Test
    void readsKeysInPem() throws Exception {
        Tokens rsa = new Tokens("k1");
        PublicKey ec = KeyPairGenerator.getInstance("EC").generateKeyPair().getPublic();

        assertThat(read(pem(rsa.key().toPublicKey()))
                        .getKeys()
                        .get(0)
                        .toRSAKey()
                        .toPublicKey())
                .isEqualTo(rsa.key().toPublicKey());
        assertThat(read(pem(ec)).getKeys().get(0).toECKey().toPublicKey()).isEqualTo(ec);
    }

    @Test
    void readsAJwkSetWithoutItsSecrets() throws Exception {
        Tokens issuer = new Tokens("k1");
        String text = "{\"keys\":[" + issuer.key().toJSONString() + "]}";

        assertThat(read(text).getKeys()).singleElement().isEqualTo(issuer.key().toPublicJWK());
    }

    @Test
    void tellsWhatIsWrong() throws Exception {
        assertThatThrownBy(() -> KeyFile.read(directory.resolve("none").toString()))
                .hasMessage("can't be read");
        assertThatThrownBy(() -> read("{\"keys\":[]}")).hasMessage("has no public key");
        for (String content :
                new String[] {"", "secret", "{", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----"}) {
            assertThatThrownBy(() -> read(content))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("has neither a JWK set nor a public key in PEM");
        }
    }
}
