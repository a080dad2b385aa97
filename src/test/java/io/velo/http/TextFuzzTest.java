package io.velo.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.velo.limit.ClientNetwork;
import io.velo.limit.LimitKey;
import io.velo.strategy.HashKey;
import io.velo.testing.Fuzz;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Values of fields, as bad as can be. */
class TextFuzzTest {

    private static final int INPUTS = 5000;
    private static final List<String> WORDS = List.of(
            "", " ", ",", ":", "::", "[", "]", "%", "%2e", "%2F", "/", "..", "?", "-", "0", "ffff", "\t", "\"", "=",
            ";", "+");

    @Test
    void ofForwardedForNameAClientThatNobodyCanForge() {
        List<String> corpus =
                List.of("192.0.2.1", "192.0.2.1, 10.0.0.1", "[2001:db8::1]:80, 10.0.0.1:99", "unknown, _x");

        Fuzz.of("forwarded-for", corpus, WORDS, INPUTS).texts(text -> {
            assertThat(ForwardedFor.of("198.51.100.7", List.of(text), address -> false)
                            .client())
                    .isEqualTo("198.51.100.7");
            assertThatCode(() -> ClientNetwork.of(
                            ForwardedFor.of("10.0.0.1", List.of(text), address -> address.startsWith("10."))
                                    .client()))
                    .as(text)
                    .doesNotThrowAnyException();
        });
    }

    @Test
    void ofPathsHaveOnePlainForm() {
        List<String> corpus = List.of("/a/b/../c", "/a//b", "/%2e%2e/a?b=c", "/a/.", "/..;/a", "/");

        Fuzz.of("path", corpus, WORDS, INPUTS).texts(text -> {
            if (!RequestTarget.acceptable(text)) {
                return;
            }
            String plain = PlainPath.of(text);
            assertThat(PlainPath.of(plain)).as(text).isEqualTo(plain);
            if (PlainPath.is(plain)) {
                assertThat(plain.split("\\?", 2)[0]).as(text).doesNotContain("/../", "/./", "//");
            }
            assertThat(RequestTarget.readable(RequestTarget.readable(text)))
                    .as(text)
                    .isEqualTo(RequestTarget.readable(text));
        });
    }

    @Test
    void ofOtherFieldsAreReadOrNot() {
        List<String> corpus = List.of(
                "120",
                "Wed, 21 Oct 2026 07:28:00 GMT",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                "header:X",
                "cookie:a",
                "address+path",
                "a=b; c=d");

        Fuzz.of("fields", corpus, WORDS, INPUTS).texts(text -> {
            assertThat(RetryAfter.parse(text, Instant.EPOCH)).as(text).isBetween(Duration.ZERO, Duration.ofDays(1));
            assertThatCode(() -> {
                        TraceParent.traceId(text);
                        HashKey.parse(text);
                        LimitKey.parse(text);
                        Parts.cookie(text, "c");
                        Parts.parameter(text, "c");
                    })
                    .as(text)
                    .doesNotThrowAnyException();
        });
    }
}
