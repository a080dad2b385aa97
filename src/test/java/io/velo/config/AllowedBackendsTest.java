package io.velo.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AllowedBackendsTest {

    private static boolean allows(String url, String... allowed) {
        return new AllowedBackends(List.of(allowed)).test(URI.create(url));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://169.254.169.254:80",
                "http://[fe80::1]:80",
                "http://0.0.0.0:80",
                "http://224.0.0.1:80",
                "http://metadata.google.internal:80",
                "http://2852039166:80",
                "http://0xa9fea9fe:80",
                "http://[::ffff:169.254.169.254]:80"
            })
    void areNeverWhereSecretsAre(String url) {
        assertThat(allows(url)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"http://10.0.0.1:80", "https://shop.example:443", "http://127.0.0.1:80", "http://[fd00::1]:80"})
    void areElsewhereUnlessSomebodySaysOtherwise(String url) {
        assertThat(allows(url)).isTrue();
        assertThat(allows(url, "192.0.2.0/24", "other.example")).isFalse();
        assertThat(allows(url, "10.0.0.0/8", "127.0.0.1", "fd00::/8", "*.example"))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://evilexample:80", "http://shop.example.evil:80"})
    void areNotNamesThatOnlyLookAlike(String url) {
        assertThat(allows(url, "*.example", "shop.example")).isFalse();
    }
}
