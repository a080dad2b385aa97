package io.velo.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestRulesTest {

    private static boolean get(String target, String... hosts) {
        return RequestRules.acceptable("GET", target, false, List.of(hosts), List.of());
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a.b-c.d", "a:80", "[::1]:8080", "192.0.2.1", "a_b", "xn--bcher-kva.example"})
    void takesAHost(String host) {
        assertThat(get("/", host)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"http://a/x, a", "HTTP://A/x, a", "http://a:80/?q, a:80", "http://a, a", "https://a?q, a"})
    void takesATargetThatNamesTheSameHostOnceMore(String target, String host) {
        assertThat(get(target, host)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"http://a:81/, a:80", "http://, a", "http:///x, a", "//a/x/../@b, b/c", "http:/a, a", "httpx://a/, a"})
    void refusesATargetThatContradictsTheHost(String target, String host) {
        assertThat(get(target, host)).isFalse();
    }

    @Test
    void takesTheServerAsAWholeForOptionsAlone() {
        assertThat(RequestRules.acceptable("OPTIONS", "*", false, List.of("a"), List.of()))
                .isTrue();
        assertThat(get("*", "a")).isFalse();
    }

    @Test
    void needsNoHostOfTheOldProtocol() {
        assertThat(RequestRules.acceptable("GET", "/", true, List.of(), List.of()))
                .isTrue();
        assertThat(get("/")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"chunked", "Chunked", " CHUNKED "})
    void takesChunks(String coding) {
        assertThat(RequestRules.acceptable("POST", "/", false, List.of("a"), List.of(coding)))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "GE T", "GET\t", "G(T", "CONNECT", "TRACE"})
    void refusesMethods(String method) {
        assertThat(RequestRules.acceptable(method, "/", false, List.of("a"), List.of()))
                .isFalse();
    }
}
