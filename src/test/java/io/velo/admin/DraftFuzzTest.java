package io.velo.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.velo.testing.Fuzz;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What operators send, as bad as can be: it is taken, or they are told why not. */
class DraftFuzzTest {

    private static final List<String> CORPUS = List.of(
            "{\"id\":\"a\",\"url\":\"http://a:1\",\"weight\":3,\"maxInFlight\":5,\"zone\":\"z\",\"priority\":0}",
            "{\"weight\":0}",
            "{\"timeout\":\"30s\"}",
            "{\"percent\":12.5}",
            "");
    private static final List<String> WORDS = List.of(
            "{",
            "[",
            "}",
            "\"",
            ":",
            ",",
            "null",
            "true",
            "1e999",
            "-1",
            "99999999999",
            "0.1",
            "\\u0000",
            "PT1S",
            "d",
            "999999999999999999999",
            "\"weight\":",
            "\"url\":",
            "{\"a\":",
            "\0",
            "\u00ff");

    @Test
    void isTakenOrToldOf() {
        Fuzz.of("admin", CORPUS, WORDS, 2000).bytes(input -> {
            takes(input, DraftReader::backend);
            takes(input, body -> DraftReader.patch("a", body));
            takes(input, DraftReader::timeout);
            takes(input, DraftReader::percent);
        });
    }

    private static void takes(byte[] body, Consumer<byte[]> reader) {
        try {
            reader.accept(body);
        } catch (Refusal told) {
            assertThat(told.status().is4xxClientError()).isTrue();
            assertThat(told.body().detail()).isNotBlank();
        }
    }
}
