package io.velo.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.velo.backend.BackendState;
import io.velo.backend.Drained;
import io.velo.backend.Transition;
import io.velo.dashboard.Happenings.Happening;
import io.velo.pool.StepBack;
import io.velo.testing.FakeClock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class HappeningsTest {

    private final Happenings happenings = new Happenings(new FakeClock());

    @Test
    void numbersThem() {
        change("a");
        change("b");

        assertThat(happenings.all()).extracting(Happening::number).containsExactly(1L, 2L);
        assertThat(happenings.all()).extracting(Happening::backend).containsExactly("a", "b");
    }

    @Test
    void forgetsTheOldest() {
        for (int i = 0; i < Happenings.LENGTH + 1; i++) {
            change("a");
        }

        assertThat(happenings.all()).hasSize(Happenings.LENGTH);
        assertThat(happenings.all().get(0).number()).isEqualTo(2);
    }

    @Test
    void knowsOfPanic() {
        happenings.panic("api", true);
        happenings.panic("api", false);

        assertThat(happenings.all()).extracting(Happening::state).containsExactly("panic", "up");
        assertThat(happenings.all()).extracting(Happening::pool).containsOnly("api");
    }

    @Test
    void knowsOfDrainsThatAreDone() {
        happenings.drained(new Drained("api", "a", Duration.ofSeconds(7), false, Instant.EPOCH));
        happenings.drained(new Drained("api", "b", Duration.ofSeconds(30), true, Instant.EPOCH));

        assertThat(happenings.all())
                .extracting(Happening::sentence)
                .containsExactly(
                        "a holds no request any more, after 7 s",
                        "b holds no request any more, after 30 s; the last ones were cut");
    }

    @Test
    void knowsOfCanariesThatStepBack() {
        happenings.steppedBack(new StepBack("api", "next", 5, "its 9 of 100 are more", Instant.EPOCH));

        assertThat(happenings.all())
                .containsExactly(new Happening(
                        1, Instant.EPOCH, "api", "", "ejected", "canary next has stepped back: its 9 of 100 are more"));
    }

    @Test
    void callsWhoListens() {
        AtomicInteger calls = new AtomicInteger();
        happenings.onChange(calls::incrementAndGet);

        change("a");
        happenings.panic("api", true);

        assertThat(calls).hasValue(2);
    }

    private void change(String backend) {
        happenings.changed(new Transition("api", backend, BackendState.UP, BackendState.DOWN, "test", Instant.EPOCH));
    }
}
