package io.velo.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuthorityTest {

    @ParameterizedTest
    @CsvSource(
            value = {
                "a.test, false, a.test, 80",
                "a.test, true, a.test, 443",
                "a.test:8090, true, a.test, 8090",
                "a.test:, false, a.test, 80",
                "[::1], false, ::1, 80",
                "[::1]:8090, false, ::1, 8090",
                "'', false, '', 80",
                "a.test:x, false, '', 80",
                "a.test:70000, false, '', 80",
                "a.test:999999999999, false, '', 80"
            })
    void readsWhatHostSays(String field, boolean secure, String host, int port) {
        assertThat(Authority.of(field, secure)).isEqualTo(new Authority(host, port));
    }
}
