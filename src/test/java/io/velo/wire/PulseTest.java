package io.velo.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.Http2PingFrame;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PulseTest {

    private static final Duration PING = Duration.ofSeconds(10);

    private final LoopTime time = new LoopTime();
    private final EmbeddedChannel connection = time.channel();
    private final Pulse pulse = new Pulse(connection, time::nanos, PING);

    private void waitForSigns() {
        pulse.heard();
        pulse.watch();
    }

    private boolean asked() {
        Object sent = connection.readOutbound();
        return sent instanceof Http2PingFrame ping && !ping.ack();
    }

    @Test
    void asksForASignAfterSilence() {
        waitForSigns();

        time.advance(PING.minusSeconds(1));
        assertThat(asked()).isFalse();
        time.advance(Duration.ofSeconds(1));

        assertThat(asked()).isTrue();
        assertThat(connection.isOpen()).isTrue();
    }

    @Test
    void closesWhatGivesNone() {
        waitForSigns();
        time.advance(PING);
        time.advance(PING.minusSeconds(1));
        assertThat(connection.isOpen()).isTrue();

        time.advance(Duration.ofSeconds(1));

        assertThat(connection.isOpen()).isFalse();
    }

    @Test
    void countsFromTheLastSign() {
        waitForSigns();
        time.advance(Duration.ofSeconds(6));
        pulse.heard();

        time.advance(Duration.ofSeconds(9));
        assertThat(asked()).isFalse();
        time.advance(Duration.ofSeconds(1));

        assertThat(asked()).isTrue();
    }

    @Test
    void asksAgainWhenThereWasAnAnswer() {
        waitForSigns();
        time.advance(PING);
        assertThat(asked()).isTrue();
        pulse.heard();

        time.advance(PING);

        assertThat(asked()).isTrue();
        assertThat(connection.isOpen()).isTrue();
    }

    @Test
    void asksNothingWhileNobodyWaits() {
        waitForSigns();
        pulse.rest();

        time.advance(Duration.ofMinutes(1));

        assertThat(asked()).isFalse();
        assertThat(connection.isOpen()).isTrue();
    }

    @Test
    void asksNothingIfItIsNotToldTo() {
        Pulse without = new Pulse(connection, time::nanos, Duration.ZERO);
        without.heard();
        without.watch();

        time.advance(Duration.ofHours(1));

        assertThat(asked()).isFalse();
        assertThat(connection.isOpen()).isTrue();
    }

    @Test
    void missesASignOnlyFromWhomWasWaitedForLongEnough() {
        pulse.heard();
        time.advance(Duration.ofSeconds(4));
        long begin = time.nanos();
        time.advance(Duration.ofSeconds(3));

        assertThat(pulse.missing(Duration.ofSeconds(3), begin)).isFalse();
        assertThat(pulse.missing(Duration.ofSeconds(2), begin)).isTrue();
        pulse.heard();
        assertThat(pulse.missing(Duration.ofSeconds(2), begin)).isFalse();
    }
}
