package io.velo.wire.h2;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.Http2Error;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FarewellTest {

    private final List<Flood> told = new ArrayList<>();
    private final EmbeddedChannel connection = new EmbeddedChannel(new ChannelInboundHandlerAdapter());
    private final ChannelHandlerContext context = connection.pipeline().firstContext();
    private final Farewell farewell = new Farewell(told::add);

    @Test
    void saysGoAwayAndCloses() {
        farewell.say(context, 7, Http2Error.ENHANCE_YOUR_CALM, Flood.PING);

        ByteBuf frame = connection.readOutbound();
        try {
            assertThat(frame.readMedium()).as("length").isEqualTo(8);
            assertThat(frame.readByte()).as("type").isEqualTo((byte) 7);
            assertThat(frame.readByte()).as("flags").isZero();
            assertThat(frame.readInt()).as("of no stream").isZero();
            assertThat(frame.readInt()).as("the last one that counts").isEqualTo(7);
            assertThat(frame.readInt()).as("why").isEqualTo(11);
        } finally {
            frame.release();
        }
        assertThat(farewell.said()).isTrue();
        assertThat(connection.isOpen()).isFalse();
        assertThat(told).containsExactly(Flood.PING);
    }

    @Test
    void isSaidOnce() {
        farewell.say(context, 7, Http2Error.ENHANCE_YOUR_CALM, Flood.PING);
        farewell.say(context, 9, Http2Error.PROTOCOL_ERROR, Flood.PROTOCOL_ERROR);

        connection.<ByteBuf>readOutbound().release();
        assertThat((Object) connection.readOutbound()).isNull();
        assertThat(told).containsExactly(Flood.PING);
    }

    @Test
    void waitsASecondForTheCodecsOwn() {
        connection.freezeTime();
        farewell.saidByCodec(context, Flood.PROTOCOL_ERROR);
        assertThat(connection.isOpen()).isTrue();
        assertThat(farewell.said()).as("the codec's frames may pass").isFalse();

        connection.advanceTimeBy(1, TimeUnit.SECONDS);
        connection.runScheduledPendingTasks();

        assertThat(connection.isOpen()).isFalse();
        assertThat(told).containsExactly(Flood.PROTOCOL_ERROR);
    }
}
