package io.velo.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class StoreGateTest {

    private final AtomicLong now = new AtomicLong();
    private final StoreGate gate = new StoreGate(now::get, 1000);

    @Test
    void staysOpenForFewFailures() {
        assertThat(gate.failed()).isFalse();
        assertThat(gate.failed()).isFalse();
        assertThat(gate.opens()).isTrue();
        assertThat(gate.answered()).isFalse();
        assertThat(gate.failed()).isFalse();
        assertThat(gate.opens()).isTrue();
    }

    @Test
    void shutsOnceAndLetsOneAtATimeFindOut() {
        gate.failed();
        gate.failed();
        assertThat(gate.failed()).isTrue();
        assertThat(gate.failed()).isFalse();
        assertThat(gate.opens()).isFalse();

        now.set(1000);
        assertThat(gate.opens()).isTrue();
        assertThat(gate.opens()).isFalse();

        now.set(2000);
        assertThat(gate.opens()).isTrue();
        assertThat(gate.failed()).isFalse();
        assertThat(gate.opens()).isFalse();
    }

    @Test
    void opensWithTheFirstAnswer() {
        gate.failed();
        gate.failed();
        gate.failed();
        now.set(1000);
        assertThat(gate.opens()).isTrue();

        assertThat(gate.answered()).isTrue();
        assertThat(gate.answered()).isFalse();
        assertThat(gate.opens()).isTrue();
        assertThat(gate.opens()).isTrue();
    }
}
