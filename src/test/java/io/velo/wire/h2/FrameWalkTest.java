package io.velo.wire.h2;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameWalkTest {

    private final List<String> seen = new ArrayList<>();

    private boolean take(FrameWalk frame) {
        String code = frame.type() == 3 ? " code " + frame.resetCode() : "";
        seen.add(frame.type() + " on " + frame.stream() + " of " + frame.length() + code);
        return frame.type() != 7;
    }

    private static ByteBuf frames() {
        ByteBuf all = Unpooled.buffer().writeBytes(new byte[24]);
        frame(all, 4, 0, new byte[0]);
        frame(all, 1, 1, new byte[300]);
        frame(all, 3, 1, new byte[] {0, 0, 0, 8});
        return all;
    }

    private static void frame(ByteBuf to, int type, int stream, byte[] payload) {
        to.writeMedium(payload.length)
                .writeByte(type)
                .writeByte(0)
                .writeInt(stream)
                .writeBytes(payload);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 9, 10, 17, 100, 1_000})
    void findsFramesHoweverTheyAreCut(int piece) {
        FrameWalk walk = new FrameWalk(this::take, 24);
        ByteBuf all = frames();

        while (all.isReadable()) {
            ByteBuf next = all.readSlice(Math.min(piece, all.readableBytes()));
            assertThat(walk.goOn(next)).isTrue();
            assertThat(next.readerIndex()).as("nothing is taken away").isZero();
        }

        assertThat(seen).containsExactly("4 on 0 of 0", "1 on 1 of 300", "3 on 1 of 4 code 8");
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 100, 308})
    void knowsThatAHeadDrips(int length) {
        FrameWalk walk = new FrameWalk(this::take, 0);
        ByteBuf head = Unpooled.buffer();
        frame(head, 1, 1, new byte[300]);

        walk.goOn(head.readSlice(length));
        assertThat(walk.endsInside((byte) 1)).isTrue();
        assertThat(walk.endsInside((byte) 0)).isFalse();
        walk.goOn(head);
        assertThat(walk.endsInside((byte) 1)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {7})
    void stopsAsSoonAsTheTakerHasHadEnough(int type) {
        ByteBuf all = Unpooled.buffer();
        frame(all, type, 0, new byte[8]);
        frame(all, 0, 1, new byte[8]);

        assertThat(new FrameWalk(this::take, 0).goOn(all)).isFalse();
        assertThat(seen).hasSize(1);
    }
}
