package io.velo.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlainPathTest {

    @ParameterizedTest
    @ValueSource(
            strings = {"/", "/a", "/a/", "/a/b.c", "/a.b/..c", "/...", "/a%20b", "/%zz", "/a?b=//../%2f", "*", "/a;b/c"
            })
    void knowsAPlainOne(String target) {
        assertThat(PlainPath.is(target)).isTrue();
        assertThat(PlainPath.of(target)).isSameAs(target);
    }

    @ParameterizedTest
    @CsvSource({
        "/a/../b, /b",
        "/a/./b, /a/b",
        "/a/.., /",
        "/a/b/.., /a/",
        "/a/., /a/",
        "//a, /a",
        "/a//b/, /a/b/",
        "/../../a, /a",
        "/a/%2e%2E/b?q=../c, /b?q=../c",
        "/.?x, /?x"
    })
    void makesOnePlain(String target, String plain) {
        assertThat(PlainPath.is(target)).isFalse();
        assertThat(PlainPath.of(target)).isEqualTo(plain);
        assertThat(PlainPath.is(plain)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a%2fb", "/a%5Cb", "/a\\b", "/a/..;/b", "/a%00", "/a%", "/a%2"})
    void leavesWhatHasNoPlainForm(String target) {
        assertThat(PlainPath.is(target)).isFalse();
        assertThat(PlainPath.is(PlainPath.of(target))).isFalse();
    }
}
