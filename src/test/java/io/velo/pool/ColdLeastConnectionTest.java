package io.velo.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.velo.strategy.StrategyFactory;
import io.velo.testing.TestPool;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A cold backend is idle, and so the least loaded one: by that alone it would get everything. */
class ColdLeastConnectionTest {

    private static final Duration WINDOW = Duration.ofSeconds(20);

    private final TestPool test = TestPool.of("a", "b")
            .strategy(StrategyFactory.leastConnection())
            .slowStart(WINDOW)
            .build();

    @ParameterizedTest
    @CsvSource({"0, 10", "5, 25", "10, 50", "15, 75"})
    void takesItsPartOfTheTurnsWhileAllAreIdle(int seconds, int part) {
        comeBack("b");
        test.advance(Duration.ofSeconds(seconds));
        test.pool().tick();

        List<String> served = test.serve(1000);

        // its turns are those that it takes and those that it passes on; a has one for each of both
        assertThat(Collections.frequency(served, "b")).isBetween(5 * part - part, 10 * part);
    }

    @Test
    void isNotFloodedByRequestsThatStay() {
        for (int i = 0; i < 40; i++) {
            test.lease("a");
        }
        comeBack("b");

        List<String> picks = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            picks.add(((Lease) test.acquire()).backend().id());
        }

        assertThat(Collections.frequency(picks, "b")).as("every tenth").isEqualTo(3);
    }

    @Test
    void getsNoMoreThanItsShareOnceItHasThat() {
        comeBack("b");
        Deque<Lease> open = new ArrayDeque<>();
        int most = 0;
        for (int i = 0; i < 2000; i++) {
            open.add((Lease) test.acquire());
            if (open.size() > 22) {
                open.remove().complete();
            }
            most = Math.max(most, test.backend("b").inFlight());
        }

        assertThat(most).as("a tenth of a's 20, and one more").isLessThanOrEqualTo(3);
        open.forEach(Lease::complete);
    }

    @Test
    void savesItsTurnsAcrossTicks() {
        comeBack("b");
        List<String> served = new ArrayList<>();
        for (int i = 0; i < 19; i++) {
            served.addAll(test.serve(2));
            test.advance(Duration.ofSeconds(1));
            test.pool().tick();
        }

        assertThat(served).as("two requests a second, all of them apart").contains("b");
    }

    @Test
    void takesTurnsAgainWhenItIsWarm() {
        comeBack("b");
        test.advance(WINDOW);
        test.pool().tick();

        assertThat(Collections.frequency(test.serve(10), "b")).isEqualTo(5);
    }

    @Test
    void servesIfNobodyElseDoes() {
        comeBack("b");
        test.pool().drain(test.backend("a"));

        assertThat(test.serve(3)).containsOnly("b");
    }

    private void comeBack(String id) {
        test.miss(id, 1);
        test.pass(id, 2);
    }
}
