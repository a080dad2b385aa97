package io.velo.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.velo.access.Evidence;
import io.velo.testing.TestRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ApiKeyAuthenticatorTest {

    private static final String KEY = "k+/7 d0c1";

    private final ApiKeyAuthenticator authenticator = new ApiKeyAuthenticator(new AuthSettings.ApiKeys(
            "X-API-Key", "key", Map.of(sha256(KEY), new AuthSettings.Key("shop", Set.of("reader")))));

    static String sha256(String key) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isShop(Evidence evidence) {
        return evidence instanceof Evidence.Proven proven
                && proven.identity().name().equals("shop")
                && proven.identity().roles().equals(Set.of("reader"));
    }

    @Test
    void findsTheKeyInFieldOrQuery() {
        assertThat(authenticator.examine(TestRequest.get("/").with("x-api-key", KEY)))
                .matches(ApiKeyAuthenticatorTest::isShop);
        assertThat(authenticator.examine(TestRequest.get("/?a=b&key=k%2B%2F7%20d0c1&c")))
                .matches(ApiKeyAuthenticatorTest::isShop);
        assertThat(authenticator.examine(TestRequest.get("/?%6bey=k%2B/7+d0c1")))
                .matches(ApiKeyAuthenticatorTest::isShop);
    }

    @Test
    void refusesAnotherKey() {
        for (String key :
                new String[] {"", "x", KEY + "x", KEY.toUpperCase(java.util.Locale.ROOT), sha256(KEY), "k".repeat(600)
                }) {
            assertThat(authenticator.examine(TestRequest.get("/").with("X-API-Key", key)))
                    .as(key)
                    .isEqualTo(Evidence.WRONG);
        }
        assertThat(authenticator.examine(TestRequest.get("/?key="))).isEqualTo(Evidence.WRONG);
    }

    @Test
    void refusesTwo() {
        assertThat(authenticator.examine(TestRequest.get("/").with("X-API-Key", KEY, KEY)))
                .isEqualTo(Evidence.MALFORMED);
        assertThat(authenticator.examine(TestRequest.get("/?key=x&key=y"))).isEqualTo(Evidence.MALFORMED);
        assertThat(authenticator.examine(TestRequest.get("/?key=x").with("X-API-Key", KEY)))
                .isEqualTo(Evidence.MALFORMED);
    }

    @Test
    void findsNothingWhereNothingIs() {
        assertThat(authenticator.examine(TestRequest.get("/?monkey=x&keys=y"))).isEqualTo(Evidence.NOTHING);
        assertThat(authenticator.examine(TestRequest.get("/"))).isEqualTo(Evidence.NOTHING);
    }
}
