package io.velo.strategy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.velo.backend.Outcome;
import io.velo.backend.Reason;
import io.velo.testing.FakeClock;
import java.time.Duration;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class PeakEwmaTest {

    private static final long MILLI = 1_000_000;

    private final FakeClock clock = new FakeClock();
    private final PeakEwma time = new PeakEwma(clock::nanos);

    @Test
    void isNothingAtFirst() {
        assertThat(time.at(clock.nanos())).isZero();
    }

    @Test
    void isTheFirstTimeAsItIs() {
        time.answered(200, 5 * MILLI);

        assertThat(time.at(clock.nanos())).isCloseTo(5.0 * MILLI, within(1.0));
    }

    @Test
    void risesToAPeakAtOnce() {
        time.answered(200, 5 * MILLI);
        time.answered(200, 900 * MILLI);

        assertThat(time.at(clock.nanos())).isCloseTo(900.0 * MILLI, Percentage.withPercentage(0.01));
    }

    @Test
    void comesDownByAndBy() {
        time.answered(200, 100 * MILLI);
        for (int i = 0; i < 100; i++) {
            clock.advance(Duration.ofMillis(100));
            time.answered(200, 10 * MILLI);
        }

        double third = 10 * MILLI + 90 * MILLI / Math.E;
        assertThat(time.at(clock.nanos())).as("after ten seconds").isCloseTo(third, Percentage.withPercentage(3));
    }

    @Test
    void fallsTowardsNothingWithoutRequests() {
        time.answered(200, 100 * MILLI);
        clock.advance(Duration.ofSeconds(10));
        assertThat(time.at(clock.nanos())).isCloseTo(100 * MILLI / Math.E, Percentage.withPercentage(2));

        clock.advance(Duration.ofHours(1));

        assertThat(time.at(clock.nanos())).as("but it has answered before").isBetween(1.0, 200.0);
    }

    @Test
    void isNotBroughtDownByFailuresThatComeFast() {
        time.answered(200, 100 * MILLI);
        clock.advance(Duration.ofMillis(50));
        double before = time.at(clock.nanos());

        time.answered(503, MILLI);
        time.ended(new Outcome.Failed(Reason.CONNECTION_REFUSED, MILLI));

        assertThat(time.at(clock.nanos())).isEqualTo(before);
    }

    @Test
    void isRaisedByFailuresThatTakeLong() {
        time.answered(200, 100 * MILLI);

        time.ended(new Outcome.Failed(Reason.HTTP_RESPONSE_TIMEOUT, 30_000 * MILLI));

        assertThat(time.at(clock.nanos())).isCloseTo(30_000.0 * MILLI, Percentage.withPercentage(0.01));
    }

    @Test
    void learnsNothingFromClientsThatLeave() {
        time.ended(new Outcome.Aborted(Reason.CLIENT_ABORTED, 100 * MILLI));

        assertThat(time.at(clock.nanos())).isZero();
    }
}
