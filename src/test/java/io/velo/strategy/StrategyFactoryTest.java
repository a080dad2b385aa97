package io.velo.strategy;

import static org.assertj.core.api.Assertions.assertThat;

import io.velo.backend.Backend;
import io.velo.testing.Backends;
import io.velo.testing.Picks;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class StrategyFactoryTest {

    @Test
    void roundRobinGoesByItsUsualNames() {
        assertThat(StrategyFactory.roundRobin().names())
                .containsExactlyInAnyOrder("roundrobin", "round-robin", "round_robin", "rr");
    }

    @Test
    void leastConnectionGoesByItsUsualNames() {
        assertThat(StrategyFactory.leastConnection().names())
                .containsExactlyInAnyOrder(
                        "leastconnection", "least-connection", "least_connection", "leastconn", "least_conn");
    }

    @Test
    void aCustomStrategyIsANameAndAConstructor() {
        StrategyFactory last = StrategyFactory.of("last", random -> LastFirst::new);

        assertThat(last.names()).containsExactly("last");
        assertThat(Picks.next(last.create(StrategyContext.of(bound -> 0)).pickerFor(Backends.candidates("a", "b"))))
                .isEqualTo("b");
    }

    @Test
    void eachPoolHasAStrategyOfItsOwn() {
        StrategyFactory factory = StrategyFactory.roundRobin();
        List<Candidate> candidates = Backends.candidates("a", "b");
        Picker one = factory.create(StrategyContext.of(bound -> 0)).pickerFor(candidates);
        Picker other = factory.create(StrategyContext.of(bound -> 0)).pickerFor(candidates);

        Picks.next(one);

        assertThat(Picks.next(other)).isEqualTo("a");
        assertThat(Picks.next(one)).isEqualTo("b");
    }

    private record LastFirst(List<Candidate> candidates) implements Picker {
        @Override
        public boolean offer(RequestView request, Predicate<Backend> taker) {
            return taker.test(candidates.get(candidates.size() - 1).backend());
        }
    }
}
