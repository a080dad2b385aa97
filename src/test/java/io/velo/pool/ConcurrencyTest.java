package io.velo.pool;

import static io.velo.testing.Backends.capped;
import static io.velo.testing.Backends.spec;
import static io.velo.testing.TestRequest.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.velo.backend.BackendSpec;
import io.velo.backend.ConcurrencyLimit;
import io.velo.backend.Outcome;
import io.velo.backend.Reason;
import io.velo.testing.TestPool;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is learnt of a backend bounds what it gets. */
class ConcurrencyTest {

    private final List<Integer> inFlight = new ArrayList<>();
    private int learnt = 2;
    private int refreshed;

    private final ConcurrencyLimit limit = new ConcurrencyLimit() {
        @Override
        public int limit() {
            return learnt;
        }

        @Override
        public void ended(int atEnd, Outcome outcome) {
            inFlight.add(atEnd);
        }

        @Override
        public void refresh() {
            refreshed++;
        }
    };

    private TestPool pool(BackendSpec backend) {
        return TestPool.of(backend).concurrency(limit).build();
    }

    private static Pick take(TestPool test) {
        return test.pool().acquire(get("/"), List.of());
    }

    @Test
    void fillsABackendUpToIt() {
        TestPool test = pool(spec("a"));
        take(test);
        take(test);

        assertThat(take(test)).isEqualTo(new Pick.None(Reason.CONNECTION_LIMIT_REACHED));
    }

    @Test
    void theSmallerOfTheTwoCounts() {
        assertThat(pool(capped("a", 1)).backend("a").mostInFlight()).isEqualTo(1);
        assertThat(pool(capped("a", 5)).backend("a").mostInFlight()).isEqualTo(2);
        assertThat(TestPool.of("a").build().backend("a").mostInFlight()).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void servesWhoWaitsWhenItGrows() {
        TestPool test = pool(spec("a"));
        Lease first = (Lease) take(test);
        take(test);
        List<Lease> served = new ArrayList<>();
        test.pool().line().join(get("/"), 10, served::add);
        test.pool().line().join(get("/"), 10, served::add);

        learnt = 3;
        first.complete();

        assertThat(served).hasSize(2);
        assertThat(test.backend("a").inFlight()).isEqualTo(3);
    }

    @Test
    void isToldHowManyThereWere() {
        TestPool test = pool(spec("a"));
        Lease first = (Lease) take(test);
        Lease second = (Lease) take(test);
        first.complete();
        second.complete();

        assertThat(inFlight).containsExactly(2, 1);
    }

    @Test
    void takesOnOtherSettingsWithAReload() {
        TestPool test = pool(spec("a"));

        test.become(spec("a"));

        assertThat(refreshed).isEqualTo(1);
    }
}
