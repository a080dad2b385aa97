package io.velo.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BodyRateTest {

    private long nanos = Long.MAX_VALUE - Duration.ofSeconds(1).toNanos(); // runs over within the first second
    private final BodyRate rate = new BodyRate(240, () -> nanos);

    private void waitFor(Duration time, int bytes) {
        rate.awaited();
        pass(time);
        rate.heard();
        rate.arrived(bytes);
    }

    private void pass(Duration time) {
        nanos += time.toNanos();
    }

    @Test
    void letsComeWhatComesQuicklyEnough() {
        rate.begin(BodyPace.BRISK);
        for (int second = 0; second < 60; second++) {
            waitFor(Duration.ofSeconds(1), 240);

            assertThat(rate.crawls()).as("after second %d", second).isFalse();
        }
    }

    @Test
    void tellsOnceOfWhatComesTooSlowly() {
        rate.begin(BodyPace.BRISK);
        waitFor(Duration.ofSeconds(5), 1);
        assertThat(rate.crawls()).as("within the first five seconds").isFalse();
        waitFor(Duration.ofSeconds(1), 1);

        assertThat(rate.crawls()).isTrue();

        waitFor(Duration.ofSeconds(1), 1);
        assertThat(rate.crawls()).as("again").isFalse();
    }

    @Test
    void doesNotCountTheTimeInWhichNobodyWaits() {
        rate.begin(BodyPace.BRISK);
        for (int i = 0; i < 10; i++) {
            waitFor(Duration.ofMillis(100), 1);
            pass(Duration.ofSeconds(60));
        }

        assertThat(rate.crawls()).isFalse();
    }

    @Test
    void letsBodiesWithoutALengthTakeTheirTime() {
        rate.begin(BodyPace.STEADY);
        waitFor(Duration.ofSeconds(60), 1);
        assertThat(rate.crawls()).isFalse();

        rate.begin(BodyPace.ANY);
        waitFor(Duration.ofSeconds(60), 1);
        assertThat(rate.crawls()).isFalse();
    }

    @Test
    void beginsAnewWithEachBody() {
        rate.begin(BodyPace.BRISK);
        waitFor(Duration.ofSeconds(60), 60 * 240);
        rate.begin(BodyPace.BRISK);
        waitFor(Duration.ofSeconds(6), 100);

        assertThat(rate.crawls()).isTrue();
    }

    @Test
    void canBeOff() {
        BodyRate any = new BodyRate(0, () -> nanos);
        any.begin(BodyPace.BRISK);
        any.awaited();
        pass(Duration.ofHours(1));
        any.heard();

        assertThat(any.crawls()).isFalse();
    }
}
