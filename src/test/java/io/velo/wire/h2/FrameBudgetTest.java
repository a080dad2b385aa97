package io.velo.wire.h2;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http2.Http2Error;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class FrameBudgetTest {

    private static final Http2Limits LIMITS =
            new Http2Limits(100, 65_535, 8_192, 8_192, 20, 100, Duration.ofSeconds(1), Duration.ofSeconds(1));

    private final AtomicLong nanos = new AtomicLong();
    private final FrameBudget budget = new FrameBudget(LIMITS, nanos::get);

    private void wait(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    @Test
    void runsOutAndSaysByWhat() {
        assertThat(budget.spend(Flood.PING, 60)).isTrue();
        assertThat(budget.spend(Flood.SETTINGS, 40)).isTrue();
        assertThat(budget.spend(Flood.SETTINGS, 10)).isFalse();

        assertThat(budget.worst()).isEqualTo(Flood.PING);
    }

    @Test
    void isEarnedByWhatIsOfUseAndNeverMoreThanAtFirst() {
        budget.earn(1_000);
        assertThat(budget.spend(Flood.WINDOW_UPDATE, 100)).isTrue();
        assertThat(budget.spend(Flood.WINDOW_UPDATE, 1)).isFalse();
        budget.earn(11);
        assertThat(budget.spend(Flood.WINDOW_UPDATE, 10)).isTrue();
    }

    @Test
    void isEarnedByTimeTwentyPointsASecond() {
        budget.spend(Flood.PING, 100);
        wait(Duration.ofMillis(500));

        assertThat(budget.spend(Flood.PING, 10)).isTrue();
        assertThat(budget.spend(Flood.PING, 1)).isFalse();
    }

    @Test
    void allowsSomeResetsInAWindow() {
        for (int i = 0; i < 20; i++) {
            assertThat(budget.reset()).isTrue();
        }
        assertThat(budget.reset()).isFalse();
        wait(Duration.ofSeconds(31));
        assertThat(budget.reset()).isTrue();
    }

    @Test
    void allowsMoreResetsToWhoAsksForMuch() {
        for (int i = 0; i < 1_000; i++) {
            budget.opened();
        }
        for (int i = 0; i < 499; i++) {
            assertThat(budget.reset()).isTrue();
        }
        assertThat(budget.reset()).isFalse();
    }

    @Test
    void chargesForTheResetsThatAClientBringsAbout() {
        for (int i = 0; i < 4; i++) {
            assertThat(budget.resetSent((int) Http2Error.PROTOCOL_ERROR.code())).isTrue();
        }
        assertThat(budget.resetSent((int) Http2Error.FLOW_CONTROL_ERROR.code())).isFalse();
        assertThat(budget.worst()).isEqualTo(Flood.MADE_YOU_RESET);
    }

    @Test
    void chargesNothingForResetsThatAreNotTheClientsFault() {
        for (int i = 0; i < 1_000; i++) {
            assertThat(budget.resetSent((int) Http2Error.CANCEL.code())).isTrue();
            assertThat(budget.resetSent((int) Http2Error.INTERNAL_ERROR.code())).isTrue();
            assertThat(budget.resetSent((int) Http2Error.REFUSED_STREAM.code())).isTrue();
        }
        assertThat(budget.spend(Flood.PING, 100)).as("all is left").isTrue();
    }
}
