package io.velo.strategy;

import static io.velo.testing.Backends.candidates;
import static org.assertj.core.api.Assertions.assertThat;

import io.velo.backend.Backend;
import io.velo.backend.BackendSpec;
import io.velo.pool.Lease;
import io.velo.testing.Backends;
import io.velo.testing.TestPool;
import io.velo.testing.TestRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConsistentHashTest {

    private static final HashKey QUERY = HashKey.parse("query:k").orElseThrow();

    private final ConsistentHash unbounded = strategy(0);

    private static ConsistentHash strategy(double factor) {
        return new ConsistentHash(new StrategyContext(bound -> 0, () -> 0, new HashRule(QUERY, factor)));
    }

    @Test
    void sendsAKeyToTheSameBackendEachTime() {
        Picker picker = unbounded.pickerFor(candidates("a", "b", "c"));

        for (int key = 0; key < 100; key++) {
            assertThat(List.of(pick(picker, key), pick(picker, key)))
                    .as("key %d", key)
                    .containsOnly(pick(picker, key));
        }
        assertThat(IntStream.range(0, 100).mapToObj(key -> pick(picker, key))).contains("a", "b", "c");
    }

    @Test
    void agreesWithOtherInstances() {
        Picker one = unbounded.pickerFor(candidates("a", "b", "c"));
        Picker other = strategy(0).pickerFor(candidates("c", "a", "b"));

        assertThat(IntStream.range(0, 100)).allMatch(key -> pick(one, key).equals(pick(other, key)));
    }

    @Test
    void placesRequestsWithoutAKeyInTurn() {
        Picker picker = unbounded.pickerFor(candidates("a", "b", "c"));

        List<String> picks = IntStream.range(0, 4)
                .mapToObj(i -> offers(picker, TestRequest.get("/"), 1).get(0))
                .toList();

        assertThat(picks).containsExactly("a", "b", "c", "a");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 50})
    void offersEveryBackendOnceIfAllRefuse(int count) {
        String[] ids = IntStream.range(0, count).mapToObj(i -> "b" + i).toArray(String[]::new);
        Picker loose = unbounded.pickerFor(candidates(ids));
        Picker bounded = strategy(1.25).pickerFor(candidates(ids));

        for (int key = 0; key < 50; key++) {
            assertThat(offers(loose, request(key), count + 1)).containsExactlyInAnyOrder(ids);
            assertThat(offers(bounded, request(key), count + 1)).containsExactlyInAnyOrder(ids);
        }
    }

    @Test
    void goesOnToABackendThatDependsOnTheKeyAlone() {
        Picker picker = unbounded.pickerFor(candidates("a", "b", "c", "d", "e"));

        Set<String> seconds = new TreeSet<>();
        for (int key = 0; key < 200; key++) {
            List<String> offers = offers(picker, request(key), 2);
            assertThat(offers(picker, request(key), 2)).isEqualTo(offers);
            if (offers.get(0).equals("a")) {
                seconds.add(offers.get(1));
            }
        }

        assertThat(seconds).as("not one neighbour takes it all").containsExactly("b", "c", "d", "e");
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 1.1, 1.25, 2})
    void loadsNoBackendAboveItsBound(double factor) {
        TestPool test = pool(factor, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1);
        SplittableRandom random = new SplittableRandom(5);
        List<Lease> open = new ArrayList<>();

        for (int i = 0; i < 3000; i++) {
            int key = random.nextInt(3) > 0 ? random.nextInt(3) : random.nextInt(1000); // most ask for three things
            open.add((Lease) test.pool().acquire(request(key), List.of()));
            assertBounded(test, open.size(), factor);
            if (open.size() > 100) {
                open.remove(random.nextInt(open.size())).complete();
            }
        }
        open.forEach(Lease::complete);
        assertThat(test.pool().backends()).allMatch(each -> each.inFlight() == 0);
    }

    @Test
    void boundsByWeight() {
        TestPool test = pool(1.25, 1, 4, 5);

        for (int i = 1; i <= 200; i++) {
            test.pool().acquire(request(1), List.of());
            assertBounded(test, i, 1.25);
        }
    }

    @Test
    void hasNoBoundAtZero() {
        TestPool test = pool(0, 1, 1, 1);

        IntStream.range(0, 100).forEach(i -> test.pool().acquire(request(1), List.of()));

        assertThat(test.pool().backends().stream().mapToInt(Backend::inFlight)).containsExactlyInAnyOrder(0, 0, 100);
    }

    @Test
    void returnsToItsBackendWhenThatHasRoomAgain() {
        TestPool test = pool(1.25, 1, 1, 1, 1);
        List<Lease> first = Stream.generate(() -> (Lease) test.pool().acquire(request(1), List.of()))
                .limit(8)
                .toList();
        Lease next = (Lease) test.pool().acquire(request(1), List.of());
        assertThat(first).extracting(Lease::backend).containsOnly(first.get(0).backend());
        assertThat(next.backend())
                .as("eight are no load, nine are")
                .isNotSameAs(first.get(0).backend());

        first.get(7).complete();

        assertThat(((Lease) test.pool().acquire(request(1), List.of())).backend())
                .isSameAs(first.get(0).backend());
    }

    @Test
    void placesRequestsEvenWhenThoseOfAnotherStrategyFillAll() {
        Backend a = Backends.backend("a");
        Backend b = Backends.backend("b");
        Backends.occupy(a, 50);
        Backends.occupy(b, 50);
        Picker picker = strategy(1.25).pickerFor(List.of(new Candidate(a, 1), new Candidate(b, 1)));

        assertThat(IntStream.range(0, 20).mapToObj(key -> pick(picker, key))).contains("a", "b");
    }

    @Test
    void drawsTheSameLotForAKeyAndSpreadsKeys() {
        int[] lots = IntStream.range(0, 1000)
                .map(key -> unbounded.lot(request(key), 10, bound -> 0))
                .toArray();

        assertThat(unbounded.lot(request(5), 10, bound -> 0)).isEqualTo(lots[5]);
        for (int lot = 0; lot < 10; lot++) {
            int wanted = lot;
            assertThat(IntStream.of(lots).filter(each -> each == wanted).count())
                    .as("lot %d of 10, about 100 times, five deviations", lot)
                    .isBetween(52L, 148L);
        }
    }

    private static TestPool pool(double factor, int... weights) {
        BackendSpec[] specs = IntStream.range(0, weights.length)
                .mapToObj(i -> Backends.weighted("b" + i, weights[i]))
                .toArray(BackendSpec[]::new);
        return TestPool.of(specs)
                .strategy(StrategyFactory.hash())
                .hash(new HashRule(QUERY, factor))
                .build();
    }

    private static void assertBounded(TestPool test, int requests, double factor) {
        int total = test.pool().backends().stream()
                .mapToInt(each -> each.spec().weight())
                .sum();
        assertThat(test.pool().backends())
                .as("%d requests", requests)
                .allMatch(each -> each.inFlight()
                        <= Math.max(8, Math.ceil(factor * requests * each.spec().weight() / total)));
    }

    private static TestRequest request(int key) {
        return TestRequest.get("/?k=" + key);
    }

    private static String pick(Picker picker, int key) {
        return offers(picker, request(key), 1).get(0);
    }

    /** What is offered until so many are. */
    private static List<String> offers(Picker picker, TestRequest request, int most) {
        List<String> offered = new ArrayList<>();
        picker.offer(request, backend -> offered.add(backend.id()) && offered.size() == most);
        return offered;
    }
}
