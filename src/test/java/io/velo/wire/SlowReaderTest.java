package io.velo.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SlowReaderTest {

    private static final int MUCH = 200_000;
    private static final Duration MOST = Duration.ofSeconds(4);

    private final EmbeddedChannel channel = new EmbeddedChannel(new ChannelInboundHandlerAdapter());
    private long nanos;
    private final SlowReader reader = new SlowReader(channel, MOST.toNanos(), () -> nanos);

    @BeforeEach
    void muchWaits() {
        channel.freezeTime();
        channel.write(channel.alloc().buffer(MUCH).writeZero(MUCH));
        buffer().addFlush(); // as if the kernel took nothing
        assertThat(channel.isWritable()).isFalse();
        reader.writabilityChanged();
    }

    @AfterEach
    void letGo() {
        channel.finishAndReleaseAll();
    }

    private ChannelOutboundBuffer buffer() {
        return Objects.requireNonNull(channel.unsafe().outboundBuffer());
    }

    private void after(int seconds) {
        for (int second = 0; second < seconds; second++) {
            nanos += TimeUnit.SECONDS.toNanos(1);
            channel.advanceTimeBy(1, TimeUnit.SECONDS);
            channel.runScheduledPendingTasks();
        }
    }

    @Test
    void endsTheConnectionOfWhoTakesNothing() {
        after(3);
        assertThat(channel.isOpen()).isTrue();

        after(1);

        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void bearsWithWhoTakesItSlowly() {
        for (int i = 0; i < 20; i++) {
            after(3);
            buffer().progress(1);
        }

        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void hasNothingAgainstWhoHasTakenEnough() {
        channel.flush();
        reader.writabilityChanged();
        after(60);

        assertThat(channel.isWritable()).isTrue();
        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void waitsForTheLastBytesAsLongHoweverFew() {
        channel.flush();
        reader.writabilityChanged();
        channel.write(channel.alloc().buffer(1).writeZero(1));
        buffer().addFlush();
        assertThat(channel.isWritable()).isTrue();

        reader.lastWritten();
        after(3);
        assertThat(channel.isOpen()).isTrue();
        after(1);

        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void looksNoMoreWhenItIsStopped() {
        reader.stop();
        after(60);

        assertThat(channel.isOpen()).isTrue();
    }
}
