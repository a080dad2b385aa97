package io.velo.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.velo.backend.BackendState;
import io.velo.backend.Breaker;
import io.velo.backend.Health;
import io.velo.backend.Transition;
import io.velo.backend.TransitionListener;
import io.velo.strategy.StrategyContext;
import io.velo.strategy.StrategyFactory;
import io.velo.testing.Backends;
import io.velo.testing.FakeClock;
import io.velo.testing.Picks;
import io.velo.testing.TestPool;
import io.velo.testing.Threads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class TransitionsTest {

    private final TestPool test = TestPool.of("a", "b").build();

    @Test
    void areToldOnceEachInOrderWithTheirCauses() {
        test.miss("a", 2);
        test.pass("a", 2);
        test.fail("a", 3);
        test.pool().drain(test.backend("a"));
        test.pool().resume(test.backend("a"));
        test.advance(Duration.ofSeconds(10));
        test.answer("a", 200);

        assertThat(test.transitions())
                .extracting(each -> each.from() + ">" + each.to() + ": " + each.cause())
                .containsExactly(
                        "UP>DOWN: probe missed: status 500",
                        "DOWN>UP: probe passed: status 200",
                        "UP>EJECTED: 3 failures in a row, for 10 s",
                        "EJECTED>DRAINING: drained by an operator",
                        "DRAINING>EJECTED: resumed by an operator",
                        "EJECTED>TRIAL: ejection over",
                        "TRIAL>UP: trial passed");
        assertThat(test.transitions())
                .allMatch(each -> each.pool().equals("test") && each.backend().equals("a"));
    }

    @Test
    void carryTheTime() {
        test.advance(Duration.ofSeconds(7));
        test.miss("a", 1);

        assertThat(test.transitions().get(0).at()).isEqualTo(test.clock().instant());
        assertThat(test.backend("a").standing().since()).isEqualTo(test.clock().instant());
        assertThat(test.backend("a").standing().sinceNanos())
                .isEqualTo(test.clock().nanos());
    }

    @Test
    @DisplayName("S13: only the probe that completes rise or fall is news")
    void areOnlyForFlips() {
        test.pass("a", 5);
        test.miss("a", 2);
        test.pass("a", 1);
        test.miss("a", 2);
        assertThat(test.story()).isEmpty();

        test.miss("a", 4);
        test.pass("a", 1);
        test.miss("a", 1);
        test.pass("a", 1);
        assertThat(test.story()).containsExactly("a UP>DOWN");
    }

    @Test
    void wereLossesOnlyWhenTheBackendWasEligible() {
        test.miss("a", 1);
        test.pool().drain(test.backend("a"));
        test.pool().resume(test.backend("a"));
        test.pass("a", 2);

        assertThat(test.transitions()).extracting(Transition::lostCapacity).containsExactly(true, false, false, false);
    }

    @Test
    void ofManyThreadsFollowFromEachOther() {
        Threads.together(4, thread -> {
            for (int i = 0; i < 500; i++) {
                String id = (thread + i) % 2 == 0 ? "a" : "b";
                switch ((thread + i) % 5) {
                    case 0, 1 -> test.miss(id, 3);
                    case 2, 3 -> test.pass(id, 2);
                    default -> {
                        test.pool().drain(test.backend(id));
                        test.pool().resume(test.backend(id));
                    }
                }
            }
        });

        for (String id : List.of("a", "b")) {
            BackendState state = BackendState.UP;
            for (Transition each : test.transitions()) {
                if (each.backend().equals(id)) {
                    assertThat(each.from()).as("%s", each).isEqualTo(state);
                    state = each.to();
                }
            }
            assertThat(state).as("nothing of %s is left untold", id).isEqualTo(test.state(id));
        }
    }

    @Test
    void mayBeAnsweredWithFurtherChanges() {
        FakeClock clock = new FakeClock();
        AtomicReference<Pool> pool = new AtomicReference<>();
        List<String> told = new ArrayList<>();
        TransitionListener drainsWhatFalls = transition -> {
            told.add(transition.backend() + " " + transition.to());
            if (transition.to() == BackendState.DOWN) {
                pool.get().drain(pool.get().backend(transition.backend()).orElseThrow());
                pool.get().acquire(Picks.REQUEST, List.of());
            }
        };
        PoolSpec spec = new PoolSpec(
                "test",
                "roundrobin",
                List.of(Backends.spec("a"), Backends.spec("b")),
                true,
                new Health.Thresholds(2, 3),
                0.5,
                0,
                Duration.ZERO,
                Duration.ZERO);
        pool.set(new Pool(
                spec,
                StrategyFactory.roundRobin().create(StrategyContext.of(bound -> 0)),
                new PoolWiring(
                        (name, backend) -> Breaker.NONE,
                        List.of(),
                        List.of(drainsWhatFalls, transition -> told.add("second " + transition.to())),
                        clock::nanos,
                        clock)));

        pool.get().probed(pool.get().backends().get(0), Backends.missed());

        assertThat(told).containsExactly("a DOWN", "second DOWN", "a DRAINING", "second DRAINING");
    }

    @Test
    void areNotNeededForThePoolToBeSettled() {
        assertThat(test.pool().settled()).isFalse();

        test.pass("a", 1);
        assertThat(test.pool().settled()).isFalse();
        test.miss("b", 1);

        assertThat(test.pool().settled()).isTrue();
    }
}
