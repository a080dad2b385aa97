package io.velo.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.velo.testing.Fuzz;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What calls say, as bad as can be. */
class GrpcFuzzTest {

    private static final int INPUTS = 2000;
    private static final List<String> BYTES =
            List.of("\0", "\u0008", "\n", "\u0080", "\u00ff", "=", "==", "QUJD", "\u00ff\u00ff\u00ff\u00ff\u00ff");

    @Test
    void healthIsReadOrNot() {
        List<String> corpus = List.of(
                "\0\0\0\0\2\u0008\1",
                "\0\0\0\0\0",
                "\0\0\0\0\6\u0012\2ab\u0008\2",
                Fuzz.text(HealthCheck.request("shop")));

        Fuzz.of("grpc-health", corpus, BYTES, INPUTS).bytes(input -> {
            try {
                assertThat(HealthCheck.answer(input)).isNotNull();
            } catch (IllegalArgumentException none) {
                assertThat(none).hasMessageStartingWith("the answer");
            }
        });
    }

    @Test
    void base64IsTheSameWhateverPiecesItComesIn() {
        Fuzz.of("grpc-base64", List.of("QUJD", "QUI=QUJD", "QQ==", "QUJDREVG"), BYTES, INPUTS)
                .bytes(input -> assertThat(decoded(Fuzz.pieces(input))).isEqualTo(decoded(List.of(input))));
    }

    private static Optional<String> decoded(List<byte[]> parts) {
        Base64Parts base64 = new Base64Parts();
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try {
            parts.forEach(part -> all.writeBytes(base64.decode(part)));
            return Optional.of(base64.whole() + Fuzz.text(all.toByteArray()));
        } catch (IllegalArgumentException none) {
            return Optional.empty();
        }
    }

    @Test
    void fieldsAreReadOrNot() {
        List<String> corpus = List.of(
                "application/grpc",
                "application/grpc-web-text+proto; a=b",
                "application/grpc-web",
                "12",
                "250m",
                "99999999H");

        Fuzz.of("grpc-fields", corpus, List.of("+", ";", " ", "-", "-text", "9", "\u00ff", "", "grpc"), INPUTS)
                .texts(text -> {
                    assertThat(GrpcCall.is(text) && GrpcWeb.is(text)).as(text).isFalse();
                    if (GrpcWeb.is(text)) {
                        assertThat(GrpcCall.is(GrpcWeb.toGrpc(text))).as(text).isTrue();
                        assertThat(GrpcWeb.is(GrpcWeb.answerTo(text))).as(text).isTrue();
                    }
                    assertThat(GrpcCall.timeout(text).orElse(Duration.ZERO))
                            .as(text)
                            .isBetween(Duration.ZERO, Duration.ofDays(36_500));
                    assertThat(GrpcStatus.parse(text).code()).as(text).isBetween(0, 16);
                });
    }
}
