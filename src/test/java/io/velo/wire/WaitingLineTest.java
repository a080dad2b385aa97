package io.velo.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.velo.backend.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WaitingLineTest {

    private final LoopTime time = new LoopTime();
    private final Slots slots = new Slots(2);
    private final WaitingLine line =
            new WaitingLine(time.eventLoop(), slots, Duration.ofSeconds(2).toNanos(), time::nanos);
    private final List<String> refused = new ArrayList<>();

    private Taker waits(String name) {
        Taker taker = new Named(name);
        assertThat(slots.tryWait(100, 1)).isTrue();
        line.addLast(taker);
        return taker;
    }

    @Test
    void servesWhoCameFirst() {
        Taker a = waits("a");
        Taker b = waits("b");

        assertThat(line.poll()).isSameAs(a);
        assertThat(line.poll()).isSameAs(b);
        assertThat(line.poll()).isNull();
        assertThat(slots.waiting()).isZero();
    }

    @Test
    void refusesEachAfterItsOwnTime() {
        waits("a");
        time.advance(Duration.ofSeconds(1));
        waits("b");
        line.poll();

        time.advance(Duration.ofSeconds(1));
        assertThat(refused).as("b has waited one second").isEmpty();
        time.advance(Duration.ofSeconds(1));

        assertThat(refused).containsExactly("b CONNECTION_LIMIT_REACHED");
        assertThat(slots.waiting()).isZero();
    }

    @Test
    void forgetsWhoLeft() {
        Taker a = waits("a");
        Taker b = waits("b");

        line.forget(a);
        line.forget(a);

        assertThat(slots.waiting()).isEqualTo(1);
        assertThat(line.poll()).isSameAs(b);
    }

    @Test
    void refusesTheFirstOfThem() {
        waits("a");
        waits("b");
        waits("c");

        line.refuse(2, Reason.CONNECTION_REFUSED);

        assertThat(refused).containsExactly("a CONNECTION_REFUSED", "b CONNECTION_REFUSED");
        assertThat(line.size()).isEqualTo(1);
    }

    private final class Named implements Taker {

        private final String name;

        Named(String name) {
            this.name = name;
        }

        @Override
        public void connected(BackendConnection connection) {
            throw new AssertionError("there are no connections here");
        }

        @Override
        public void refused(Reason why) {
            refused.add(name + " " + why);
        }
    }
}
