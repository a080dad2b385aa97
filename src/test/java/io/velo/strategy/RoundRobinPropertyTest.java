package io.velo.strategy;

import static org.assertj.core.api.Assertions.assertThat;

import io.velo.testing.Backends;
import io.velo.testing.Picks;
import io.velo.testing.Threads;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class RoundRobinPropertyTest {

    @Property
    void isSmoothWeightedRoundRobinAsNginxDoesIt(
            @ForAll @Size(min = 1, max = 8) List<@IntRange(min = 1, max = 20) Integer> weights) {
        int[] each = weights.stream().mapToInt(Integer::intValue).toArray();
        int turn = IntStream.of(each).sum();

        List<String> picks = Picks.next(2 * turn, starting().pickerFor(Backends.candidates(each)));

        assertThat(picks).isEqualTo(nginx(2 * turn, each));
    }

    @Property
    void givesEachExactlyItsWeightInAnyWindowOfOneTurn(
            @ForAll @Size(min = 1, max = 8) List<@IntRange(min = 1, max = 20) Integer> weights,
            @ForAll @IntRange(max = 200) int skipped) {
        int[] each = weights.stream().mapToInt(Integer::intValue).toArray();
        Picker picker = starting().pickerFor(Backends.candidates(each));
        Picks.next(skipped, picker);

        List<String> turn = Picks.next(IntStream.of(each).sum(), picker);

        for (int i = 0; i < each.length; i++) {
            assertThat(Collections.frequency(turn, id(i))).as(id(i)).isEqualTo(each[i]);
        }
    }

    /** S8. A number below 6 flips that backend, any other is a request. */
    @Property(tries = 2000)
    void thoseWhoseHealthNeverFlipsStayInTurnWhateverTheOthersDo(
            @ForAll @Size(max = 60) List<@IntRange(max = 11) Integer> events) {
        List<Candidate> all = Backends.candidates("a", "b", "c", "d", "e", "f");
        BitSet out = new BitSet();
        RoundRobin strategy = starting();
        Picker picker = strategy.pickerFor(all);
        List<String> picks = new ArrayList<>();
        for (int event : events) {
            if (event >= 6) {
                picks.add(Picks.next(picker));
            } else if (event != 0) { // the first never flips, so that there is always a candidate
                out.flip(event);
                picker = strategy.pickerFor(IntStream.range(0, 6)
                        .filter(i -> !out.get(i))
                        .mapToObj(all::get)
                        .toList());
            }
        }

        List<String> steady = IntStream.range(0, 6)
                .filter(i -> i == 0 || !events.contains(i))
                .mapToObj(RoundRobinPropertyTest::id)
                .toList();
        assertInTurn(picks.stream().filter(steady::contains).toList(), steady);
    }

    private static void assertInTurn(List<String> picks, List<String> order) {
        for (int i = 1; i < picks.size(); i++) {
            int before = order.indexOf(picks.get(i - 1));
            assertThat(picks.get(i)).as("pick %d of %s", i, picks).isEqualTo(order.get((before + 1) % order.size()));
        }
    }

    @Test
    void manyThreadsTogetherGetExactlyTheSharesOfOne() {
        Picker picker = starting().pickerFor(Backends.candidates(5, 1, 1));
        Map<String, Integer> counts = new ConcurrentHashMap<>();

        Threads.together(7, thread -> {
            for (int i = 0; i < 3000; i++) {
                counts.merge(Picks.next(picker), 1, Integer::sum);
            }
        });

        assertThat(counts).isEqualTo(Map.of("a", 15_000, "b", 3000, "c", 3000));
    }

    /** The algorithm as nginx has it: all gain their weight, the richest is picked and pays the sum. */
    private static List<String> nginx(int picks, int... weights) {
        int[] current = new int[weights.length];
        int total = IntStream.of(weights).sum();
        List<String> result = new ArrayList<>();
        for (int pick = 0; pick < picks; pick++) {
            int best = -1;
            for (int i = 0; i < weights.length; i++) {
                current[i] += weights[i];
                if (best < 0 || current[i] > current[best]) {
                    best = i;
                }
            }
            current[best] -= total;
            result.add(id(best));
        }
        return result;
    }

    private static String id(int place) {
        return String.valueOf((char) ('a' + place));
    }

    private static RoundRobin starting() {
        return new RoundRobin(bound -> 0);
    }
}
