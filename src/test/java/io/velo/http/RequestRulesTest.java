package io.velo.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestRulesTest {

    private static boolean get(String target, String... hosts) {
        return acceptable("GET", target, false, List.of(hosts), List.of());
    }

    private static boolean acceptable(
            String method, String target, boolean http10, List<String> hosts, List<String> codings) {
        return RequestRules.acceptable(new RequestLine(method, target, "http", http10), hosts, codings);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a.b-c.d", "a:80", "[::1]:8080", "192.0.2.1", "a_b", "xn--bcher-kva.example"})
    void takesAHost(String host) {
        assertThat(get("/", host)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "a b", "a/b", "a@b", "a:b", "a:65536", "a:-1", "a:80:80", ":80", "a:", "[::1", "[]", "[::1]x",
                "a[b]"
            })
    void refusesAHost(String host) {
        assertThat(get("/", host)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"http://a/x, a", "HTTP://A/x, a", "http://a:80/?q, a:80", "http://a, a", "http://a?q, a"})
    void takesATargetThatNamesTheSameHostOnceMore(String target, String host) {
        assertThat(get(target, host)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "http://a:81/, a:80",
        "http://, a",
        "http:///x, a",
        "//a/x/../@b, b/c",
        "http:/a, a",
        "httpx://a/, a",
        "https://a/, a"
    })
    void refusesATargetThatContradictsTheHost(String target, String host) {
        assertThat(get(target, host)).isFalse();
    }

    @Test
    void takesTheServerAsAWholeForOptionsAlone() {
        assertThat(acceptable("OPTIONS", "*", false, List.of("a"), List.of())).isTrue();
        assertThat(get("*", "a")).isFalse();
    }

    @Test
    void needsNoHostOfTheOldProtocol() {
        assertThat(acceptable("GET", "/", true, List.of(), List.of())).isTrue();
        assertThat(get("/")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"chunked", "Chunked", " CHUNKED "})
    void takesChunks(String coding) {
        assertThat(acceptable("POST", "/", false, List.of("a"), List.of(coding)))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "GE T", "GET\t", "G(T", "CONNECT", "TRACE"})
    void refusesMethods(String method) {
        assertThat(acceptable(method, "/", false, List.of("a"), List.of())).isFalse();
    }
}
