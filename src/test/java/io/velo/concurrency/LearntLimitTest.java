package io.velo.concurrency;

import static org.assertj.core.api.Assertions.assertThat;

import io.velo.backend.Outcome;
import io.velo.backend.Reason;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class LearntLimitTest {

    private static final long MILLI = 1_000_000L;
    private static final ConcurrencySettings OFF = new ConcurrencySettings(false, 20, 3, 100);
    private static final ConcurrencySettings ON = new ConcurrencySettings(true, 20, 3, 100);

    private final AtomicLong now = new AtomicLong(-5_000_000_000L); // nano time may be anything
    private final AtomicReference<ConcurrencySettings> settings = new AtomicReference<>(ON);
    private final LearntLimit limit = new LearntLimit(settings::get, now::get);

    private void answered(int status, long millis) {
        long nanos = millis * MILLI;
        limit.ended(limit.limit(), new Outcome.Answered(status, nanos + 3_000 * MILLI, nanos));
    }

    /** So many seconds of a backend that is kept busy. */
    private void seconds(int count, long millis) {
        for (int i = 0; i < count * 25; i++) {
            now.addAndGet(40 * MILLI);
            answered(200, millis);
        }
    }

    @Test
    void isNoneIfItIsOff() {
        settings.set(OFF);
        limit.refresh();
        seconds(5, 10);

        assertThat(limit.limit()).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void growsWhileTheBackendKeepsUp() {
        assertThat(limit.limit()).isEqualTo(20);

        seconds(30, 10);
        int later = limit.limit();
        assertThat(later).isBetween(30, 60);

        seconds(300, 10);
        assertThat(limit.limit()).isEqualTo(100);
    }

    @Test
    void shrinksWhenAnswersTakeLonger() {
        seconds(60, 10);
        int before = limit.limit();

        seconds(20, 200);

        assertThat(limit.limit()).isBetween(3, before / 2);
    }

    @Test
    void shrinksWhenThereAreNoAnswersInTime() {
        seconds(60, 10);
        int before = limit.limit();

        for (int i = 0; i < 500; i++) {
            now.addAndGet(40 * MILLI);
            limit.ended(limit.limit(), new Outcome.Failed(Reason.HTTP_RESPONSE_TIMEOUT, 1000 * MILLI));
        }

        assertThat(limit.limit()).isBetween(3, before / 2);
    }

    @Test
    void learnsNothingFromErrorsAndFromClientsThatLeave() {
        seconds(60, 10);
        int before = limit.limit();

        for (int i = 0; i < 500; i++) {
            now.addAndGet(40 * MILLI);
            answered(503, 2000);
            limit.ended(limit.limit(), new Outcome.Aborted(Reason.CLIENT_ABORTED, 2000 * MILLI));
            limit.ended(limit.limit(), new Outcome.Failed(Reason.CONNECTION_REFUSED, 2000 * MILLI));
        }

        assertThat(limit.limit()).isEqualTo(before);
    }

    @Test
    void startsAnewWithOtherSettingsAndGoesOnWithTheSame() {
        seconds(60, 10);
        int before = limit.limit();

        limit.refresh();
        assertThat(limit.limit()).isEqualTo(before);

        settings.set(new ConcurrencySettings(true, 7, 3, 100));
        limit.refresh();
        assertThat(limit.limit()).isEqualTo(7);
    }
}
