package io.velo.overload;

import static org.assertj.core.api.Assertions.assertThat;

import io.velo.testing.FakeClock;
import java.lang.management.MemoryUsage;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemoryUseTest {

    private static final long MOST = 1000;

    private final FakeClock clock = new FakeClock();
    private long used;
    private final MemoryUse memory = new MemoryUse(List.of(() -> new MemoryUsage(0, used, used, MOST)), clock::nanos);

    @Test
    void isWhatTheLatestCollectionHasLeft() {
        used = 970;

        assertThat(memory.getAsDouble()).isEqualTo(0.97);
        clock.advance(Duration.ofSeconds(5));
        assertThat(memory.getAsDouble()).isEqualTo(0.97);
    }

    @Test
    void goesByCollectionsAsLongAsThereAreAny() {
        used = 970;
        for (int i = 0; i < 100; i++) {
            used = 970 + i % 2;
            assertThat(memory.getAsDouble()).isGreaterThanOrEqualTo(0.97);
            clock.advance(Duration.ofSeconds(1));
        }
    }

    @Test
    void isForgottenWithoutAnotherCollectionLestNobodyIsServedWhoWouldCauseOne() {
        used = 970;
        memory.getAsDouble();

        clock.advance(Duration.ofSeconds(11));

        assertThat(memory.getAsDouble()).isLessThan(0.9);
    }
}
