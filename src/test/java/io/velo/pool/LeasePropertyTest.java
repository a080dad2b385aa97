package io.velo.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.velo.backend.Backend;
import io.velo.backend.Reason;
import io.velo.testing.Backends;
import io.velo.testing.Picks;
import io.velo.testing.TestPool;
import io.velo.testing.Threads;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class LeasePropertyTest {

    enum Ending {
        COMPLETE,
        FAIL,
        ABORT;

        void of(Lease lease) {
            switch (this) {
                case COMPLETE -> lease.complete();
                case FAIL -> lease.fail(Reason.CONNECTION_TERMINATED);
                case ABORT -> lease.abort(Reason.CLIENT_ABORTED);
            }
        }
    }

    /** S4. Each thread ends every lease in its own way, some twice. */
    @Property(tries = 100)
    void endsExactlyOnceWhateverTheInterleaving(
            @ForAll @Size(min = 2, max = 6) List<Ending> byThread, @ForAll boolean twice) {
        AtomicInteger lowest = new AtomicInteger();
        TestPool test = TestPool.of("a", "b", "c")
                .outcomes((backend, outcome) -> lowest.accumulateAndGet(backend.inFlight(), Math::min))
                .build();
        List<Lease> leases =
                Stream.generate(() -> (Lease) test.acquire()).limit(30).toList();

        Threads.together(byThread.size(), thread -> {
            for (Lease lease : leases) {
                byThread.get(thread).of(lease);
                if (twice) {
                    byThread.get((thread + 1) % byThread.size()).of(lease);
                }
            }
        });

        assertThat(test.outcomes()).hasSize(leases.size());
        assertThat(leases).allMatch(Lease::ended);
        assertThat(lowest.get()).as("never below zero").isZero();
        assertThat(test.pool().backends()).allMatch(backend -> backend.inFlight() == 0);
    }

    @Test
    void everyRequestOfManyThreadsIsAccountedWithinTheCaps() {
        TestPool test = TestPool.of(Backends.capped("a", 2), Backends.capped("b", 2), Backends.capped("c", 2))
                .build();
        AtomicInteger held = new AtomicInteger();
        AtomicInteger refused = new AtomicInteger();

        Threads.together(8, thread -> {
            for (int i = 0; i < 2000; i++) {
                Pick pick = test.pool().acquire(Picks.REQUEST, List.of());
                if (pick instanceof Lease lease) {
                    held.incrementAndGet();
                    Ending.values()[(thread + i) % 3 == 1 ? 0 : 2].of(lease);
                } else {
                    assertThat(pick).isEqualTo(new Pick.None(Reason.CONNECTION_LIMIT_REACHED));
                    refused.incrementAndGet();
                }
            }
        });

        assertThat(held.get() + refused.get()).isEqualTo(16_000);
        assertThat(test.outcomes()).hasSize(held.get());
        assertThat(test.pool().backends()).extracting(Backend::inFlight).containsOnly(0);
    }
}
