package io.velo.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.velo.testing.Fuzz;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Bytes behind an upgrade, as bad as can be: where frames end doesn't depend on how they come. */
class FrameTrailFuzzTest {

    private static final int INPUTS = 500;
    private static final List<String> CORPUS = List.of(
            "\u0081\u0085abcdhello\u0088\u0082abcd\3\u00e8",
            "\u0081\u0005hello\u0089\0\u0088\2\3\u00e8",
            "\u0082\u007e\0\u0080" + "x".repeat(128) + "\u0088\0",
            "\u0082\u007f\0\0\0\0\0\1\0\0" + "y".repeat(65_536) + "\u0088\0",
            "\1\3abc\u0080\0");
    private static final List<String> WORDS = List.of(
            "\u0088\0", "\u0089\u0080abcd", "\u0081\u007e", "\u0081\u007f", "\u0082\u00ff\u00ff\u00ff", "\0", "\u0080");

    @Test
    void endsAreFoundWhateverPiecesTheyComeIn() {
        Fuzz.of("websocket", CORPUS, WORDS, INPUTS).bytes(input -> {
            FrameTrail whole = new FrameTrail();
            whole.follow(Unpooled.wrappedBuffer(input));
            FrameTrail parts = new FrameTrail();
            Fuzz.pieces(input).forEach(part -> parts.follow(Unpooled.wrappedBuffer(part)));
            boolean[] expected = read(input);

            assertThat(List.of(whole.closed(), whole.atBoundary())).isEqualTo(List.of(expected[0], expected[1]));
            assertThat(List.of(parts.closed(), parts.atBoundary())).isEqualTo(List.of(expected[0], expected[1]));
        });
    }

    /** The same in the plainest way: whether a Close frame has ended, and whether none is under way. */
    private static boolean[] read(byte... input) {
        boolean closed = false;
        long at = 0;
        while (at < input.length) {
            int short0 = at + 1 < input.length ? input[(int) at + 1] & 0xff : -1;
            int more = short0 < 0 ? 0 : (short0 & 0x7f) == 127 ? 8 : (short0 & 0x7f) == 126 ? 2 : 0;
            if (short0 < 0 || at + 2 + more > input.length) {
                return new boolean[] {closed, false};
            }
            long length = more == 0 ? short0 & 0x7f : 0;
            for (int i = 0; i < more; i++) {
                length = (length << 8 | (input[(int) at + 2 + i] & 0xff)) & Long.MAX_VALUE;
            }
            long head = at + 2 + more + ((short0 & 0x80) == 0 ? 0 : 4);
            if (head > input.length || length > input.length - head) {
                return new boolean[] {closed, false};
            }
            closed |= (input[(int) at] & 0xf) == 8;
            at = head + length;
        }
        return new boolean[] {closed, true};
    }
}
