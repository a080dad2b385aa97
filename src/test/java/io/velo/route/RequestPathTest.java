package io.velo.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.server.PathContainer;

class RequestPathTest {

    @ParameterizedTest
    @ValueSource(strings = {"/", "/a", "/a/", "/a/b.c/~d_e-f", "/a/../b", "/a:b@c!$&'()*+,=", "/../.."})
    void isPlainIfEachSegmentMeansWhatIsWritten(String path) {
        assertThat(RequestPath.isPlain(path)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "*", "a/b", "//", "//a", "/a//b", "/a//", "/a%20b", "/a;b", "/a;b=c/d", "/%"})
    void isNotPlainOtherwise(String path) {
        assertThat(RequestPath.isPlain(path)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/a/b",
                "/a/b/",
                "/a%20b/c",
                "/%C3%A4/%2F/x",
                "/a;x=y;z/b",
                "/a%3Bb/c",
                "/%c3%28/x",
                "/a+b/c",
                "/a/%25/b",
                "/%41%42c"
            })
    void readsSegmentsAsSpringDoes(String path) {
        List<String> spring = PathContainer.parsePath(path).elements().stream()
                .filter(PathContainer.PathSegment.class::isInstance)
                .map(element -> ((PathContainer.PathSegment) element).valueToMatch())
                .toList();

        assertThat(new RequestPath(path).segments()).isEqualTo(spring);
    }

    @Test
    void readsSegmentsUpToTheFirstThatSaysNothing() {
        assertThat(new RequestPath("/a//b").segments()).containsExactly("a");
        assertThat(new RequestPath("/a/;x/b").segments()).containsExactly("a");
        assertThat(new RequestPath("/a/%zz/b").segments()).containsExactly("a");
        assertThat(new RequestPath("/a/%4").segments()).containsExactly("a");
        assertThat(new RequestPath("*").segments()).isEmpty();
    }

    @Test
    void isReadOnce() {
        int[] readings = {0};
        RequestPath path = new RequestPath("/a");

        for (int i = 0; i < 3; i++) {
            assertThat(path.read(String.class, raw -> raw + ++readings[0])).isEqualTo("/a1");
        }
    }
}
