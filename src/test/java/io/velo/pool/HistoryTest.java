package io.velo.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.velo.backend.BackendState;
import io.velo.backend.Transition;
import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HistoryTest {

    private final History history = new History();

    @Test
    void tellsTheLatestFirst() {
        history.changed(transition("api", "a"));
        history.changed(transition("api", "b"));

        assertThat(history.of("api")).extracting(Transition::backend).containsExactly("b", "a");
    }

    @Test
    void keepsPoolsApart() {
        history.changed(transition("api", "a"));

        assertThat(history.of("default")).isEmpty();
    }

    @Test
    void forgetsTheOldest() {
        IntStream.rangeClosed(1, History.LENGTH + 7).forEach(i -> history.changed(transition("api", "b" + i)));

        assertThat(history.of("api")).hasSize(History.LENGTH);
        assertThat(history.of("api").get(0).backend()).isEqualTo("b57");
        assertThat(history.of("api").get(History.LENGTH - 1).backend()).isEqualTo("b8");
    }

    private static Transition transition(String pool, String backend) {
        return new Transition(pool, backend, BackendState.UP, BackendState.DOWN, "test", Instant.EPOCH);
    }
}
