package io.velo.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ReplayTest {

    private final UnpooledByteBufAllocator buffers = new UnpooledByteBufAllocator(false);
    private final Replay replay = new Replay(buffers, 10);

    private void keep(String text) {
        ByteBuf part = Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
        replay.keep(part);
        assertThat(part.readableBytes()).as("left as it is").isEqualTo(text.length());
        assertThat(part.release()).as("not held on to").isTrue();
    }

    private String again() {
        return replay.again()
                .map(bytes -> {
                    String text = bytes.toString(StandardCharsets.US_ASCII);
                    bytes.release();
                    return text;
                })
                .orElse("nothing");
    }

    private void assertNothingIsHeld() {
        assertThat(buffers.metric().usedHeapMemory()).isZero();
    }

    @Test
    void givesBackWhatWasSentAsOftenAsNeeded() {
        keep("hello");
        keep(" you");

        assertThat(replay.whole()).isTrue();
        assertThat(again()).isEqualTo("hello you");
        assertThat(again()).isEqualTo("hello you");
        replay.forget();
        assertNothingIsHeld();
    }

    @Test
    void goesOnAfterHavingBeenSentAgain() {
        keep("hello");
        again();
        keep(" you");

        assertThat(again()).isEqualTo("hello you");
        replay.forget();
    }

    @Test
    void keepsNothingOnceThereIsTooMuch() {
        keep("0123456789");
        assertThat(replay.whole()).isTrue();

        keep("x");

        assertThat(replay.whole()).isFalse();
        assertThat(again()).isEqualTo("nothing");
        assertNothingIsHeld();
        keep("small");
        assertThat(replay.whole()).as("the beginning is gone for good").isFalse();
        assertNothingIsHeld();
    }

    @Test
    void isWholeAsLongAsNothingWasSent() {
        Replay none = new Replay(buffers, 0);
        assertThat(none.whole()).isTrue();

        none.keep(Unpooled.EMPTY_BUFFER);
        assertThat(none.whole()).isTrue();

        none.keep(Unpooled.wrappedBuffer(new byte[1]));
        assertThat(none.whole()).isFalse();
    }

    @Test
    void cannotBeSentAgainOnceForgotten() {
        keep("hello");

        replay.forget();

        assertThat(replay.whole()).isFalse();
        assertThat(again()).isEqualTo("nothing");
        assertNothingIsHeld();
    }
}
