package io.velo.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AlarmTest {

    private final LoopTime time = new LoopTime();
    private final AtomicInteger rung = new AtomicInteger();
    private final Alarm alarm = new Alarm(time.eventLoop(), time::nanos, rung::incrementAndGet);

    private void in(long seconds) {
        alarm.in(Duration.ofSeconds(seconds).toNanos());
    }

    private void after(long seconds) {
        time.advance(Duration.ofSeconds(seconds));
    }

    @Test
    void ringsOnceWhenItsTimeHasCome() {
        in(3);
        after(2);
        assertThat(rung).hasValue(0);

        after(1);
        after(10);

        assertThat(rung).hasValue(1);
    }

    @Test
    void ringsLaterIfItWasPutOff() {
        in(3);
        after(2);
        in(3);
        after(2);
        assertThat(rung).as("four seconds, but the last word was two ago").hasValue(0);

        after(1);

        assertThat(rung).hasValue(1);
    }

    @Test
    void ringsEarlierIfItWasBroughtForward() {
        in(60);
        in(1);

        after(1);

        assertThat(rung).hasValue(1);
    }

    @Test
    void keepsQuietWhenOff() {
        in(1);
        alarm.off();
        after(5);
        assertThat(rung).hasValue(0);

        in(1);
        after(1);

        assertThat(rung).as("it can be set again").hasValue(1);
    }

    @Test
    void keepsQuietWhenStopped() {
        in(1);
        alarm.stop();

        after(5);

        assertThat(rung).hasValue(0);
    }
}
