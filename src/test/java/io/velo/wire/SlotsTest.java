package io.velo.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.velo.testing.Threads;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SlotsTest {

    @Test
    void areNoMoreThanTheirNumber() {
        Slots slots = new Slots(2);

        assertThat(slots.tryTake()).isTrue();
        assertThat(slots.tryTake()).isTrue();
        assertThat(slots.tryTake()).isFalse();
        slots.release();
        assertThat(slots.tryTake()).isTrue();
    }

    @Test
    void countAgainstTheQueueOnlyThoseForWhomThereIsNoRoom() {
        Slots slots = new Slots(2);
        slots.tryTake();
        slots.connectEnded();
        slots.tryTake();

        assertThat(slots.tryWait(1, 1)).as("one connect is in progress").isTrue();
        assertThat(slots.tryWait(1, 1)).as("one may queue").isTrue();
        assertThat(slots.tryWait(1, 1)).isFalse();
        slots.waitOver(1);
        assertThat(slots.tryWait(1, 1)).isTrue();
    }

    @Test
    void addUpOverManyThreads() {
        Slots slots = new Slots(5);
        AtomicInteger most = new AtomicInteger();
        AtomicInteger now = new AtomicInteger();

        Threads.together(4, thread -> {
            for (int i = 0; i < 20_000; i++) {
                if (slots.tryTake()) {
                    most.accumulateAndGet(now.incrementAndGet(), Math::max);
                    now.decrementAndGet();
                    slots.connectEnded();
                    slots.release();
                }
            }
        });

        assertThat(most.get()).isBetween(1, 5);
        for (int i = 0; i < 5; i++) {
            assertThat(slots.tryTake()).as("slot " + i).isTrue();
        }
        assertThat(slots.tryTake()).isFalse();
    }
}
