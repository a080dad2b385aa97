package io.velo.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.velo.testing.TestRequest;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LimitKeyTest {

    private static final TestRequest REQUEST = TestRequest.get("/shop?q=1").from("192.0.2.1");

    private static String key(String text, TestRequest request) {
        return LimitKey.parse(text).orElseThrow().of(request);
    }

    @Test
    void isWhatTheRuleNames() {
        assertThat(key("route", REQUEST)).isEqualTo(key("route", REQUEST.from("192.0.2.2")));
        assertThat(key("address", REQUEST)).isEqualTo("192.0.2.1");
        assertThat(key("path", REQUEST)).isEqualTo("/shop");
        assertThat(key("address+path", REQUEST)).contains("192.0.2.1", "/shop");
    }

    @Test
    void goesByAFieldButDoesNotKeepIt() {
        TestRequest one = REQUEST.with("X-API-Key", "secret-one");

        assertThat(key("api-key", one))
                .isEqualTo(key("api-key", one.from("192.0.2.2")))
                .isEqualTo(key("header:x-api-key", one))
                .isNotEqualTo(key("api-key", REQUEST.with("X-API-Key", "secret-two")))
                .doesNotContain("secret");
    }

    @Test
    void goesByTheAddressOfWhoHasNoSuchField() {
        assertThat(List.of("api-key", "header:X-Tenant", "principal"))
                .allSatisfy(key -> assertThat(key(key, REQUEST)).isEqualTo("192.0.2.1"));
        assertThat(key("api-key", REQUEST.with("X-API-Key", ""))).isEqualTo("192.0.2.1");
    }

    @Test
    void isShortHoweverLongThePath() {
        assertThat(key("path", TestRequest.get("/" + "a".repeat(5000)))).hasSizeLessThan(64);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ip", "header", "header:", "header:a b", "address+", "address,path"})
    void isNothingElse(String text) {
        assertThat(LimitKey.parse(text)).isEmpty();
    }
}
