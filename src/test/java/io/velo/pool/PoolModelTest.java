package io.velo.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.velo.backend.Backend;
import io.velo.backend.BackendState;
import io.velo.backend.Reason;
import io.velo.backend.Transition;
import io.velo.strategy.StrategyFactory;
import io.velo.testing.TestPool;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Random stories of probes, outcomes, drains and time: the pool and a plain model of it agree after each step. */
class PoolModelTest {

    private static final int SIZE = 4;

    enum Event {
        PASS,
        MISS,
        SUCCEED,
        FAIL,
        ABORT,
        SERVE,
        DRAIN,
        RESUME,
        WAIT
    }

    record Step(Event event, int id) {}

    @Property(tries = 300)
    void followsTheModelWithACap(@ForAll("steps") List<Step> steps, @ForAll boolean leastConnection) {
        run(0.5, steps, leastConnection);
    }

    @Property(tries = 300)
    void followsTheModelWithoutACap(@ForAll("steps") List<Step> steps, @ForAll boolean leastConnection) {
        run(1, steps, leastConnection);
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<Event> events = Arbitraries.frequency(
                Tuple.of(3, Event.PASS),
                Tuple.of(4, Event.MISS),
                Tuple.of(2, Event.SUCCEED),
                Tuple.of(9, Event.FAIL),
                Tuple.of(1, Event.ABORT),
                Tuple.of(3, Event.SERVE),
                Tuple.of(1, Event.DRAIN),
                Tuple.of(2, Event.RESUME),
                Tuple.of(3, Event.WAIT));
        return Combinators.combine(events, Arbitraries.integers().between(0, SIZE - 1))
                .as(Step::new)
                .list()
                .ofMaxSize(120);
    }

    private static void run(double maxEjected, List<Step> steps, boolean leastConnection) {
        PoolModel model = new PoolModel(SIZE, maxEjected);
        TestPool test = TestPool.of(
                        IntStream.range(0, SIZE).mapToObj(String::valueOf).toArray(String[]::new))
                .strategy(leastConnection ? StrategyFactory.leastConnection() : StrategyFactory.roundRobin())
                .maxEjected(maxEjected)
                .build();
        for (int i = 0; i < steps.size(); i++) {
            take(steps.get(i), model, test);
            assertAgree("after step " + i + " of " + steps, model, test);
        }
        assertThat(test.pool().backends()).allMatch(backend -> backend.inFlight() == 0);
        assertStory(test);
    }

    private static void take(Step step, PoolModel model, TestPool test) {
        String id = String.valueOf(step.id);
        Backend backend = test.backend(id);
        switch (step.event) {
            case PASS, MISS -> {
                boolean passed = step.event == Event.PASS;
                model.probe(step.id, passed);
                if (passed) {
                    test.pass(id, 1);
                } else {
                    test.miss(id, 1);
                }
            }
            case DRAIN -> {
                model.drain(step.id);
                test.pool().drain(backend);
            }
            case RESUME -> {
                model.resume(step.id);
                test.pool().resume(backend);
            }
            case WAIT -> {
                model.advance(4 + 3L * step.id);
                test.advance(Duration.ofSeconds(4 + 3L * step.id));
            }
            case SERVE -> end(test.acquire(), Event.SUCCEED, model);
            default -> {
                Pick pick = test.acquireOn(id);
                assertThat(pick instanceof Lease)
                        .as("backend %s is to be had", id)
                        .isEqualTo(model.eligible(step.id));
                end(pick, step.event, model);
            }
        }
    }

    private static void end(Pick pick, Event event, PoolModel model) {
        if (!(pick instanceof Lease lease)) {
            return;
        }
        int id = Integer.parseInt(lease.backend().id());
        assertThat(model.eligible(id)).as("backend %d is eligible", id).isTrue();
        switch (event) {
            case SUCCEED -> {
                lease.headArrived(200);
                model.succeed(id);
                lease.complete();
            }
            case FAIL -> {
                model.fail(id);
                lease.fail(Reason.HTTP_RESPONSE_TIMEOUT);
            }
            default -> lease.abort(Reason.CLIENT_ABORTED);
        }
    }

    private static void assertAgree(String when, PoolModel model, TestPool test) {
        long eligible = IntStream.range(0, SIZE).filter(model::eligible).count();
        for (int id = 0; id < SIZE; id++) {
            assertThat(test.state("" + id)).as("backend %d %s", id, when).isEqualTo(model.state(id));
        }
        assertThat(test.pool().eligible()).as(when).isEqualTo((int) eligible);
        Pick pick = test.acquire();
        assertThat(pick instanceof Lease).as("something is to be had %s", when).isEqualTo(eligible > 0);
        end(pick, Event.ABORT, model);
    }

    /** Each transition starts where the one before ended, and the last leads to the state now. */
    private static void assertStory(TestPool test) {
        Map<String, BackendState> told = new HashMap<>();
        for (Transition each : test.transitions()) {
            assertThat(each.from()).isEqualTo(told.getOrDefault(each.backend(), BackendState.UP));
            assertThat(each.to()).isNotEqualTo(each.from());
            told.put(each.backend(), each.to());
        }
        for (Backend backend : test.pool().backends()) {
            assertThat(told.getOrDefault(backend.id(), BackendState.UP)).isEqualTo(backend.state());
        }
    }
}
