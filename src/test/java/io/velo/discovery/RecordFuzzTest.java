package io.velo.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.velo.testing.Fuzz;
import java.util.List;
import org.junit.jupiter.api.Test;

/** SRV records, as bad as can be. */
class RecordFuzzTest {

    @Test
    void areReadOrNot() {
        List<String> corpus =
                List.of("\0\1\0\2\u001f\u0090\1a\4test\0", "\0\0\0\0\0\0\0", "\0\1\0\2\u001f\u0090\u00c0\6");
        List<String> words = List.of("\0", "\u00c0", "\u00c0\0", "\u00c0\6", "\u003f", "\1a", "\u00ff");

        Fuzz.of("dns-srv", corpus, words, 2000)
                .bytes(input -> ServiceRecord.of(Unpooled.wrappedBuffer(input)).ifPresent(found -> {
                    assertThat(found.port()).isBetween(1, 65_535);
                    assertThat(found.share(65_535).orElseThrow()).isBetween(1, 256);
                    assertThat(found.target()).isNotEmpty();
                }));
    }
}
