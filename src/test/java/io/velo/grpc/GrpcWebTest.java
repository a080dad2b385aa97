package io.velo.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GrpcWebTest {

    @ParameterizedTest
    @CsvSource({
        "application/grpc-web, application/grpc, application/grpc-web, false",
        "application/grpc-web+proto, application/grpc+proto, application/grpc-web+proto, false",
        "Application/grpc-web+json; charset=x, application/grpc+json, application/grpc-web+json, false",
        "application/grpc-web-text, application/grpc, application/grpc-web-text, true",
        "application/grpc-web-text+proto, application/grpc+proto, application/grpc-web-text+proto, true"
    })
    void namesTheSameCallInBothWays(String type, String grpc, String answer, boolean text) {
        assertThat(GrpcWeb.is(type)).isTrue();
        assertThat(GrpcWeb.isText(type)).isEqualTo(text);
        assertThat(GrpcWeb.toGrpc(type)).isEqualTo(grpc);
        assertThat(GrpcWeb.answerTo(type)).isEqualTo(answer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "application/grpc", "application/grpc+proto", "application/grpc-website", "text/plain"})
    void isNothingElse(String type) {
        assertThat(GrpcWeb.is(type)).isFalse();
    }

    @Test
    void putsTrailersIntoAFrame() {
        byte[] frame = GrpcWeb.trailers(List.of(Map.entry("Grpc-Status", "5"), Map.entry("grpc-message", "no")));

        assertThat(new String(frame, StandardCharsets.ISO_8859_1))
                .isEqualTo("\u0080\0\0\0\42grpc-status: 5\r\ngrpc-message: no\r\n");
    }

    @Test
    void decodesWhatIsCutAnywhere() {
        byte[] bytes = new byte[100];
        IntStream.range(0, bytes.length).forEach(i -> bytes[i] = (byte) (i * 37));
        String text = Base64.getEncoder().encodeToString(bytes);
        for (int cut = 0; cut <= text.length(); cut++) {
            Base64Parts parts = new Base64Parts();
            String decoded = ascii(parts, text.substring(0, cut)) + ascii(parts, text.substring(cut));

            assertThat(decoded).as("cut at %d", cut).isEqualTo(new String(bytes, StandardCharsets.ISO_8859_1));
            assertThat(parts.whole()).isTrue();
        }
    }

    private static String ascii(Base64Parts parts, String text) {
        return new String(parts.decode(text.getBytes(StandardCharsets.ISO_8859_1)), StandardCharsets.ISO_8859_1);
    }

    @Test
    void decodesWhatWasPaddedInBetween() {
        assertThat(ascii(new Base64Parts(), "YQ==YmM=ZGVm")).isEqualTo("abcdef");
    }

    @Test
    void missesTheEnd() {
        Base64Parts parts = new Base64Parts();

        assertThat(ascii(parts, "YWJjZ")).isEqualTo("abc");
        assertThat(parts.whole()).isFalse();
    }

    @Test
    void refusesWhatIsNone() {
        assertThatThrownBy(() -> ascii(new Base64Parts(), "a*c=")).isInstanceOf(IllegalArgumentException.class);
    }
}
