package io.velo.strategy;

import static org.assertj.core.api.Assertions.assertThat;

import io.velo.backend.Backend;
import io.velo.testing.Backends;
import io.velo.testing.Picks;
import io.velo.testing.Threads;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class LeastConnectionPropertyTest {

    /** S7. A number stands for a weight of 1 to 8 and 0 to 9 requests in flight. */
    @Property
    void offersFromTheLeastLoadedPerWeightToTheMostAndEqualsInTurn(
            @ForAll @Size(min = 1, max = 8) List<@IntRange(max = 79) Integer> each,
            @ForAll @IntRange(max = 7) int random) {
        List<Candidate> candidates = IntStream.range(0, each.size())
                .mapToObj(i -> Backends.candidate("" + i, 1 + each.get(i) % 8, each.get(i) / 8))
                .toList();
        int start = random % each.size();

        Picker picker = new LeastConnection(bound -> start).pickerFor(candidates);

        Comparator<Candidate> byLoad = (one, other) -> Long.compare(
                (long) one.backend().inFlight() * other.weight(),
                (long) other.backend().inFlight() * one.weight());
        List<String> expected = IntStream.range(0, each.size())
                .mapToObj(step -> candidates.get((start + step) % each.size()))
                .sorted(byLoad)
                .map(candidate -> candidate.backend().id())
                .toList();
        assertThat(Picks.offers(picker)).isEqualTo(expected);
    }

    @Test
    void manyThreadsTogetherKeepTheLoadsEvenAndLoseNoRequest() {
        List<Candidate> candidates = Backends.candidates("a", "b", "c");
        Picker picker = new LeastConnection(bound -> 0).pickerFor(candidates);
        AtomicInteger taken = new AtomicInteger();

        Threads.together(8, thread -> {
            for (int i = 0; i < 3000; i++) {
                assertThat(picker.offer(Picks.REQUEST, Backend::tryEnter)).isTrue();
                taken.incrementAndGet();
            }
        });

        List<Integer> loads =
                candidates.stream().map(each -> each.backend().inFlight()).toList();
        assertThat(taken).hasValue(24_000);
        assertThat(loads.stream().mapToInt(Integer::intValue).sum()).isEqualTo(24_000);
        assertThat(loads).as("picks rest on figures of a moment ago").allMatch(load -> Math.abs(load - 8000) < 800);
    }
}
