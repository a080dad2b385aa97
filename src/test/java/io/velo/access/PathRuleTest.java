package io.velo.access;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathRuleTest {

    @ParameterizedTest
    @CsvSource({
        "/, /, true",
        "/, /a, false",
        "/**, /, true",
        "/**, /a/b, true",
        "/a, /a, true",
        "/a, /a/, true",
        "/a/, /a, true",
        "/a, /a/b, false",
        "/a, /ab, false",
        "/a, /A, false",
        "/a/b, /a, false",
        "/a/**, /a, true",
        "/a/**, /a/, true",
        "/a/**, /a/b/c, true",
        "/a/**, /ab, false",
        "/a/**, /b/a, false",
        "/a/*/c, /a/b/c, true",
        "/a/*/c, /a/b/d, false",
        "/a/*/c, /a//c, false",
        "/a/*, /a/b/c, false",
        "/*/c/**, /a/c/d/e, true"
    })
    void takesWhatItSays(String pattern, String path, boolean taken) {
        assertThat(PathRule.parse(pattern).orElseThrow().takes(path, false)).isEqualTo(taken);
    }

    @ParameterizedTest
    @CsvSource({"/a/b, /A/b, true", "/Api/**, /api/x, true", "/a, /b, false"})
    void canIgnoreCase(String pattern, String path, boolean taken) {
        assertThat(PathRule.parse(pattern).orElseThrow().takes(path, true)).isEqualTo(taken);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "a", "/a b", "/a/**/b", "/a*", "/a//b", "/a%20b", "/a;b", "/a/../b", "/a?b", "/{x}", "**"})
    void refusesWhatIsNoPattern(String pattern) {
        assertThat(PathRule.parse(pattern)).isEmpty();
    }
}
