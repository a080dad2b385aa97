package io.velo.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.velo.backend.Backend;
import io.velo.backend.BackendSpec;
import io.velo.backend.Reason;
import io.velo.strategy.Picker;
import io.velo.strategy.StrategyFactory;
import io.velo.testing.Backends;
import io.velo.testing.TestPool;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What a request gets while the pool changes under it. */
class LeasesTest {

    private static final BackendSpec A = Backends.spec("a");
    private static final BackendSpec B = Backends.spec("b");

    private final AtomicReference<Runnable> meanwhile = new AtomicReference<>(() -> {});
    private final AtomicInteger looks = new AtomicInteger();
    private final TestPool test = TestPool.of(A)
            .strategy(StrategyFactory.of(
                    "slow", randomBelow -> candidates -> slow(candidates.get(0).backend())))
            .build();

    /** Offers nobody but the first, and lets something happen before it does. */
    private Picker slow(Backend first) {
        return (request, taker) -> {
            looks.incrementAndGet();
            meanwhile.getAndSet(() -> {}).run();
            return taker.test(first);
        };
    }

    @Test
    void looksAgainIfOthersHaveComeMeanwhile() {
        meanwhile.set(() -> test.become(B, A));

        assertThat(test.acquireBut("a")).isInstanceOfSatisfying(Lease.class, lease -> assertThat(lease.backend())
                .isEqualTo(test.backend("b")));
        assertThat(looks).hasValue(2);
        assertThat(test.backend("a").inFlight()).isZero();
    }

    @Test
    void looksOnceIfNothingHasChanged() {
        assertThat(test.acquireBut("a")).isEqualTo(new Pick.None(Reason.DESTINATION_UNAVAILABLE));
        assertThat(looks).hasValue(1);
    }

    @Test
    void saysWhatHoldsForTheLastLook() {
        meanwhile.set(() -> test.become());

        assertThat(test.acquireBut("a")).isEqualTo(new Pick.None(Reason.DESTINATION_UNAVAILABLE));
        assertThat(looks).as("of an empty pool nobody is offered").hasValue(1);
    }

    @Test
    void saysThatAllAreFull() {
        Lease held = (Lease) test.acquire();
        test.become(Backends.capped("a", 1));

        assertThat(test.acquire()).isEqualTo(new Pick.None(Reason.CONNECTION_LIMIT_REACHED));
        held.abort(Reason.CLIENT_ABORTED);
        assertThat(test.acquire()).isInstanceOf(Lease.class);
    }
}
