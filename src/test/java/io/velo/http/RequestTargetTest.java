package io.velo.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.web.util.UriUtils;

class RequestTargetTest {

    @Nested
    class Acceptable {

        @ParameterizedTest
        @ValueSource(strings = {"/", "*", "/a?b=c", "/%zz", "/a|b", "/\"", "/[x]", "http://h/", "/~", "/!"})
        void isPrintableAscii(String target) {
            assertThat(RequestTarget.acceptable(target)).isTrue();
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "/a b", "/a\tb", "/a\r\nb", "/\0", "/a#b", "/\u007f", "/é", "/\u4e2d"})
        void isNothingElse(String target) {
            assertThat(RequestTarget.acceptable(target)).isFalse();
        }
    }

    @Nested
    class Readable {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "/",
                    "/a/b;c=1/../d",
                    "/a?b=c&d=e",
                    "/-._~!$&'()*+,;=:@",
                    "/a?b/c?d",
                    "//a",
                    "/?x[]=1&y[a]=2",
                    "/%C3%A9",
                    "/%2f%2F"
                })
        void isTheVerySameIfItIsLegal(String target) {
            assertThat(RequestTarget.readable(target)).isSameAs(target);
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = ' ',
                quoteCharacter = '`',
                value = {
                    "/%zz /%25zz", "/% /%25", "/a%4 /a%254", "/%4g /%254g", "/%%41 /%25%41", "/100% /100%25",
                    "/a|b /a%7Cb", "/^ /%5E", "/\" /%22", "/<x> /%3Cx%3E", "/{x} /%7Bx%7D", "/\\ /%5C",
                    "/[x] /%5Bx%5D", "/[?[ /%5B?[", "/?a|b=% /?a%7Cb=%25"
                })
        void encodesWhatIsNot(String target, String readable) {
            assertThat(RequestTarget.readable(target)).isEqualTo(readable);
        }
    }

    @Property
    void whatIsReadableIsAUri(@ForAll @CharRange(from = '!', to = '~') String rest) {
        String target = "/" + rest.replace("#", "");

        URI uri = URI.create("http://h" + RequestTarget.readable(target));

        assertThat(RequestTarget.acceptable(target)).isTrue();
        assertThat(uri.getHost()).isEqualTo("h");
    }

    @Property
    void readingTwiceChangesNothingMore(@ForAll @CharRange(from = '!', to = '~') String rest) {
        String once = RequestTarget.readable("/" + rest);

        assertThat(RequestTarget.readable(once)).isSameAs(once);
    }

    @Property
    void decodingGivesWhatTheClientWrote(@ForAll @CharRange(from = '!', to = '~') String rest) {
        String target = "/" + rest.replace("%", "");

        String decoded = UriUtils.decode(RequestTarget.readable(target), StandardCharsets.US_ASCII);

        assertThat(decoded).isEqualTo(target);
    }
}
