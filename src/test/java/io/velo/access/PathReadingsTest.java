package io.velo.access;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PathReadingsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/x/../admin",
                "/x/./admin",
                "/..",
                "/x/%2e%2e/admin",
                "/x/%2E./admin",
                "/x/..;a=b/admin",
                "/x%2fadmin",
                "/x%2Fadmin",
                "/x%5cadmin",
                "/x\\admin",
                "/%2561dmin",
                "/%252e%252e/admin",
                "/%25u0061dmin",
                "/%00admin",
                "/a%0d%0ab",
                "/a%7f",
                "/%",
                "/%6",
                "/%zz",
                "/%c0%ae%c0%ae/admin",
                "/%ff",
                "",
                "*",
                "admin"
            })
    void refusesWhatMayBeQuiteAnotherPlace(String path) {
        assertThat(PathReadings.of(path)).isEmpty();
        assertThat(PathReadings.isPlain(path)).isFalse();
    }

    @Test
    void readsWithAndWithoutParametersAndEmptySegments() {
        assertThat(PathReadings.of("/a;b=c//d;e")).containsExactly("/a;b=c//d;e", "/a;b=c/d;e", "/a//d", "/a/d");
    }

    @Test
    void decodesOnce() {
        assertThat(PathReadings.of("/%61dmin/%c3%a4%20x")).containsExactly("/admin/ä x");
        assertThat(PathReadings.of("/100%25")).containsExactly("/100%");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/a", "/a/b-c_d.e~f/", "/a/b.c", "/@x:y=z,(1)!$&'*+"})
    void knowsWhatIsPlain(String path) {
        assertThat(PathReadings.isPlain(path)).isTrue();
        assertThat(PathReadings.of(path)).hasSizeBetween(1, 2).first().isEqualTo(path);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/A", "//a", "/a//b", "/a;b", "/%61", "/.a", "/a/.well-known", "/ä"})
    void knowsWhatNeedsACloserLook(String path) {
        assertThat(PathReadings.isPlain(path)).isFalse();
        assertThat(PathReadings.of(path)).isNotEmpty();
    }
}
