package io.velo.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.velo.testing.WebSocketFrame;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FrameTrailTest {

    private static final List<WebSocketFrame> FRAMES = List.of(
            WebSocketFrame.ofClient(WebSocketFrame.TEXT, ""),
            WebSocketFrame.ofBackend(WebSocketFrame.TEXT, "short"),
            WebSocketFrame.ofClient(WebSocketFrame.PING, "p"),
            WebSocketFrame.ofBackend(WebSocketFrame.TEXT, "x".repeat(125)),
            WebSocketFrame.ofClient(WebSocketFrame.TEXT, "y".repeat(126)),
            WebSocketFrame.ofBackend(WebSocketFrame.TEXT, "z".repeat(300)),
            WebSocketFrame.ofClient(WebSocketFrame.TEXT, "w".repeat(70_000)),
            WebSocketFrame.ofBackend(WebSocketFrame.TEXT, ""));

    private final FrameTrail trail = new FrameTrail();

    @Test
    void findsTheEndOfEachFrame() {
        ByteBuf bytes = Unpooled.buffer();
        List<Integer> ends = new ArrayList<>();
        for (WebSocketFrame frame : FRAMES) {
            bytes.writeBytes(frame.bytes());
            ends.add(bytes.writerIndex());
        }

        List<Integer> found = new ArrayList<>();
        for (int at = 0; at < bytes.writerIndex(); ) {
            at = trail.frame(bytes, at);
            found.add(at);
        }

        assertThat(found).isEqualTo(ends);
        assertThat(trail.atBoundary()).isTrue();
        assertThat(trail.closed()).isFalse();
    }

    @Test
    void findsItWhateverPiecesTheBytesComeIn() {
        ByteBuf all = Unpooled.buffer();
        List<Integer> ends = new ArrayList<>();
        for (WebSocketFrame frame : FRAMES) {
            all.writeBytes(frame.bytes());
            ends.add(all.writerIndex());
        }
        for (int size : new int[] {1, 2, 3, 7, 1000}) {
            FrameTrail ofPieces = new FrameTrail();
            for (int at = 0; at < all.writerIndex(); at += size) {
                int end = Math.min(at + size, all.writerIndex());
                ofPieces.follow(all.slice(at, end - at));

                assertThat(ofPieces.atBoundary())
                        .as("after %s bytes, by %s", end, size)
                        .isEqualTo(ends.contains(end));
            }
        }
    }

    @Test
    void noticesACloseWhenItIsWhole() {
        byte[] bytes = WebSocketFrame.close(1000, "bye", true).bytes();

        for (int i = 0; i < bytes.length; i++) {
            assertThat(trail.closed()).as("after %s bytes", i).isFalse();
            trail.follow(Unpooled.wrappedBuffer(bytes, i, 1));
        }

        assertThat(trail.closed()).isTrue();
    }

    @Test
    void doesNotTakeContentForAClose() {
        byte[] inside = WebSocketFrame.close(1000, "", false).bytes();

        trail.follow(Unpooled.wrappedBuffer(new WebSocketFrame(WebSocketFrame.TEXT, inside, false).bytes()));

        assertThat(trail.closed()).isFalse();
    }

    @Test
    void neverEndsAFrameThatIsTooLongToBeOne() {
        trail.follow(Unpooled.wrappedBuffer(new byte[] {(byte) 0x82, 127, -1, -1, -1, -1, -1, -1, -1, -1, 5, 5}));

        assertThat(trail.atBoundary()).isFalse();
    }

    @Test
    void closesAreMaskedForBackendsAlone() throws IOException {
        for (CloseReason why : CloseReason.values()) {
            for (int mask : new int[] {0, 1, 0x7f80ff01}) {
                ByteBuf frame = why.frame(mask);
                byte[] bytes = new byte[frame.readableBytes()];
                frame.readBytes(bytes);

                WebSocketFrame close = WebSocketFrame.read(new ByteArrayInputStream(bytes));

                assertThat(close.opcode()).as("%s", why).isEqualTo(WebSocketFrame.CLOSE);
                assertThat(close.masked()).as("%s", why).isEqualTo(mask != 0);
                assertThat(close.code()).as("%s", why).isEqualTo(1001);
                assertThat(close.reason()).as("%s", why).isNotBlank().isASCII();
            }
        }
    }
}
