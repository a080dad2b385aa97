package io.velo.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.velo.backend.Backend;
import io.velo.backend.BackendState;
import io.velo.backend.ConnectionCounts;
import io.velo.backend.Transition;
import io.velo.pool.Pools;
import io.velo.testing.Backends;
import io.velo.testing.TestPool;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class StateMetersTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @Nested
    class Events {

        private final StateMeters meters = new StateMeters(registry);

        @Test
        void countTransitionsByWhereFromAndWhereTo() {
            meters.changed(transition(BackendState.UP, BackendState.DOWN));
            meters.changed(transition(BackendState.DOWN, BackendState.UP));
            meters.changed(transition(BackendState.UP, BackendState.DOWN));

            assertThat(transitions("up", "down")).isEqualTo(2);
            assertThat(transitions("down", "up")).isEqualTo(1);
        }

        @Test
        void timeProbesByResult() {
            Backend backend = Backends.backend("a");
            meters.probed(backend, Backends.passed());
            meters.probed(backend, Backends.passed());
            meters.probed(backend, Backends.missed());

            assertThat(probes("passed").count()).isEqualTo(2);
            assertThat(probes("passed").totalTime(TimeUnit.MILLISECONDS)).isEqualTo(2);
            assertThat(probes("missed").count()).isEqualTo(1);
        }

        @Test
        void readConnectionsAtTheMomentOfAsking() {
            AtomicInteger active = new AtomicInteger(1);
            meters.opened(Backends.backend("a"), new Counts(active));
            System.gc(); // the gauge holds on to what it reads

            active.set(7);

            assertThat(registry.get("lb.connections")
                            .tags("backend", "a", "state", "active")
                            .gauge()
                            .value())
                    .isEqualTo(7);
            assertThat(registry.get("lb.connections")
                            .tags("backend", "a", "state", "idle")
                            .gauge()
                            .value())
                    .isEqualTo(3);
        }

        private double transitions(String from, String to) {
            return registry.get("lb.backend.transitions")
                    .tags("pool", "test", "backend", "a", "from", from, "to", to)
                    .counter()
                    .count();
        }

        private Timer probes(String result) {
            return registry.get("lb.probe")
                    .tags("pool", "test", "backend", "a", "result", result)
                    .timer();
        }

        private static Transition transition(BackendState from, BackendState to) {
            return new Transition("test", "a", from, to, "because", Instant.EPOCH);
        }
    }

    @Nested
    class Gauges {

        private final TestPool test = TestPool.of(Backends.weighted("a", 5), Backends.spec("b"), Backends.spec("c"))
                .panicThreshold(0.5)
                .build();

        Gauges() {
            new PoolGauges(new Pools(List.of(test.pool()))).bindTo(registry);
        }

        @Test
        void showWhatIsEligible() {
            assertThat(value("lb.pool.eligible", "pool", "test")).isEqualTo(3);

            test.miss("a", 1);

            assertThat(value("lb.pool.eligible", "pool", "test")).isEqualTo(2);
        }

        @Test
        void showPanicWhileItLasts() {
            test.miss("a", 1);
            assertThat(value("lb.pool.panic", "pool", "test")).isZero();
            test.miss("b", 1);
            assertThat(value("lb.pool.panic", "pool", "test")).isEqualTo(1);
            test.pass("b", 2);
            assertThat(value("lb.pool.panic", "pool", "test")).isZero();
        }

        @Test
        void showRequestsInFlightAndWeights() {
            test.lease("a");
            test.lease("a");

            assertThat(value("lb.backend.in.flight", "pool", "test", "backend", "a"))
                    .isEqualTo(2);
            assertThat(value("lb.backend.in.flight", "pool", "test", "backend", "b"))
                    .isZero();
            assertThat(value("lb.backend.weight", "pool", "test", "backend", "a"))
                    .isEqualTo(5);
        }

        @Test
        void showOneForTheStateABackendIsInAndZeroForTheOthers() {
            test.miss("a", 1);

            for (BackendState state : BackendState.values()) {
                assertThat(value("lb.backend.state", "pool", "test", "backend", "a", "state", state.word()))
                        .as(state.word())
                        .isEqualTo(state == BackendState.DOWN ? 1 : 0);
            }
        }

        private double value(String name, String... tags) {
            return registry.get(name).tags(tags).gauge().value();
        }
    }

    private record Counts(AtomicInteger inUse) implements ConnectionCounts {
        @Override
        public int active() {
            return inUse.get();
        }

        @Override
        public int idle() {
            return 3;
        }

        @Override
        public int waiting() {
            return 0;
        }
    }
}
