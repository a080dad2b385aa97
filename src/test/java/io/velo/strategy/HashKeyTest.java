package io.velo.strategy;

import static org.assertj.core.api.Assertions.assertThat;

import io.velo.testing.TestRequest;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HashKeyTest {

    private final TestRequest request =
            TestRequest.get("/shop?id=7&user=ann&empty=").with("X-User", "ann").with("Cookie", "a=b; session=ann; c=d");

    @ParameterizedTest
    @ValueSource(strings = {"client", "uri", "header:X-User", "cookie:session", "query:user"})
    void isReadAsItIsWritten(String text) {
        assertThat(HashKey.parse(text)).map(HashKey::toString).contains(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ip",
                "Client",
                "client:x",
                "uri:",
                "header",
                "header:",
                "cookie:a=b",
                "cookie:a b",
                "query:a&b"
            })
    void isNothingElse(String text) {
        assertThat(HashKey.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "client, 127.0.0.1",
        "uri, /shop?id=7&user=ann&empty=",
        "header:x-user, ann",
        "cookie:session, ann",
        "query:user, ann",
        "query:id, 7"
    })
    void goesByTheValueAlone(String key, String value) {
        assertThat(key(key).hash(request)).isEqualTo(HashKey.hash(value)).isNotEqualTo(HashKey.MISSING);
    }

    @ParameterizedTest
    @ValueSource(strings = {"header:X-Other", "cookie:sess", "cookie:ession", "query:use", "query:empty", "query:shop"})
    void isMissingIfThereIsNoValue(String key) {
        assertThat(key(key).hash(request)).isEqualTo(HashKey.MISSING);
    }

    @Test
    void isMissingWithoutCookiesAndQuery() {
        assertThat(key("cookie:session").hash(TestRequest.get("/"))).isEqualTo(HashKey.MISSING);
        assertThat(key("query:user").hash(TestRequest.get("/user=ann"))).isEqualTo(HashKey.MISSING);
    }

    @Test
    void isTheSameInEveryProcess() {
        assertThat(HashKey.hash("ann")).isEqualTo(7995230380516241683L);
    }

    private static HashKey key(String text) {
        Optional<HashKey> key = HashKey.parse(text);
        assertThat(key).isPresent();
        return key.get();
    }
}
