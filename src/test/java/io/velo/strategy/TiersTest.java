package io.velo.strategy;

import static org.assertj.core.api.Assertions.assertThat;

import io.velo.backend.BackendSpec;
import io.velo.testing.Backends;
import io.velo.testing.Picks;
import io.velo.testing.TestPool;
import io.velo.testing.TestRequest;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TiersTest {

    private static final IntUnaryOperator RANDOM = new SplittableRandom(11)::nextInt;

    @Nested
    class Backups {

        private final TestPool test =
                pool("", 0, 0, spec("a", "", 0), spec("b", "", 0), spec("c", "", 1), spec("d", "", 2));

        @Test
        void getNothingWhileAnyOfTheBetterPriorityIsEligible() {
            assertThat(test.serve(4)).containsExactly("a", "b", "a", "b");

            test.miss("a", 1);

            assertThat(test.serve(20)).containsOnly("b");
        }

        @Test
        void serveWhenNobodyBetterIsEligibleOnePriorityAfterTheOther() {
            test.miss("a", 1);
            test.miss("b", 1);
            assertThat(test.serve(3)).containsOnly("c");

            test.miss("c", 1);
            assertThat(test.serve(3)).containsOnly("d");

            test.pass("a", 2);
            assertThat(test.serve(3)).containsOnly("a");
        }

        @Test
        void serveARequestThatAllBetterOnesRefuse() {
            assertThat(test.acquireBut("a", "b")).extracting("backend").isEqualTo(test.backend("c"));
            assertThat(test.acquireBut("a", "b", "c")).extracting("backend").isEqualTo(test.backend("d"));
        }

        @Test
        void areOfferedEachOnce() {
            List<Candidate> candidates = test.pool().backends().stream()
                    .map(each -> new Candidate(each, 1))
                    .toList();

            Picker picker = tiers("", 0, 0).pickerFor(candidates);

            assertThat(Picks.offers(picker)).containsExactly("a", "b", "c", "d");
        }

        @Test
        void dontMakeTheTurnJumpWhenTheyComeAndGo() {
            assertThat(test.serve(1)).containsExactly("a");
            test.miss("c", 1);
            test.pass("c", 2);

            assertThat(test.serve(2)).containsExactly("b", "a");
        }
    }

    @Nested
    @DisplayName("with a threshold, shares go on to the next priority in proportion")
    class PriorityThreshold {

        /** Of ten, with a threshold of 0.7: as long as seven are eligible they get all, then eligible ÷ 7. */
        @ParameterizedTest
        @CsvSource({"0, 0", "3, 0", "4, 142", "7, 571", "9, 857", "10, 1000"})
        void sendsSoManyOfAThousandToBackups(int down, int toBackup) {
            List<BackendSpec> specs = new ArrayList<>();
            IntStream.range(0, 10).forEach(i -> specs.add(spec("p" + i, "", 0)));
            specs.add(spec("backup", "", 1));
            TestPool test = pool("", 0.7, 0.7, specs.toArray(BackendSpec[]::new));

            IntStream.range(0, down).forEach(i -> test.miss("p" + i, 1));

            int served = Collections.frequency(test.serve(1000), "backup");
            assertThat(served)
                    .as("five deviations")
                    .isBetween(toBackup - spread(toBackup), toBackup + spread(toBackup));
        }

        @Test
        void spreadsAllRequestsInProportionIfAllPrioritiesTogetherAreTooFew() {
            TestPool test = pool("", 0.7, 1, spec("a", "", 0), spec("b", "", 0), spec("c", "", 1), spec("d", "", 1));
            test.miss("a", 1);
            test.miss("c", 1);

            int served = Collections.frequency(test.serve(1000), "d");

            assertThat(served).as("half of the half that is there").isBetween(500 - spread(500), 500 + spread(500));
        }
    }

    @Nested
    class Zones {

        @Test
        void otherThanVelosOwnGetNothingWhileEnoughOfItsOwnAreEligible() {
            TestPool test = pool("x", 0.5, 0, zone("x", 2), zone("y", 3));

            assertThat(test.serve(4)).containsExactly("x0", "x1", "x0", "x1");
            test.miss("x0", 1);
            assertThat(test.serve(20)).as("half is enough").containsOnly("x1");
        }

        @Test
        void otherThanVelosOwnGetTheRestWhenItsOwnAreTooFew() {
            TestPool test = pool("x", 1, 0, zone("x", 4), zone("y", 2));
            test.miss("x0", 1);

            List<String> served = test.serve(1000);

            long far = served.stream().filter(id -> id.startsWith("y")).count();
            assertThat(far).isBetween(250L - spread(250), 250L + spread(250));
            assertThat(Math.abs(Collections.frequency(served, "y0") - Collections.frequency(served, "y1")))
                    .as("in turn among themselves")
                    .isLessThanOrEqualTo(1);
        }

        @Test
        void getAllWhenNobodyOfItsOwnIsLeft() {
            TestPool test = pool("x", 0.7, 0, zone("x", 1), zone("y", 2));
            test.miss("x0", 1);

            assertThat(test.serve(4)).containsExactly("y0", "y1", "y0", "y1");
        }

        @Test
        void countForNothingWithoutOneOfVelosOwnOrBackendsInIt() {
            assertThat(pool("", 0.7, 0, zone("x", 1), zone("y", 1)).serve(2)).containsExactly("x0", "y0");
            assertThat(pool("z", 0.7, 0, zone("x", 1), zone("y", 1)).serve(2)).containsExactly("x0", "y0");
        }

        @Test
        void comeAfterPriorities() {
            TestPool test = pool("x", 0.7, 0, spec("far", "y", 0), spec("near", "x", 1));

            assertThat(test.serve(3)).as("better is better, if farther").containsOnly("far");
            test.miss("far", 1);
            assertThat(test.serve(3)).containsOnly("near");
        }

        @Test
        void takeWhatOverflowsFromTheNearOnes() {
            BackendSpec full = new BackendSpec("near", URI.create("http://near:1"), 1, 1, "x");
            TestPool test = pool("x", 0.7, 0, full, spec("far", "y", 0));
            test.acquire();

            assertThat(test.serve(3)).containsOnly("far");
        }

        @Test
        void changeWithTheConfiguration() {
            TestPool test = pool("x", 0.7, 0, spec("a", "x", 0), spec("b", "y", 0));
            assertThat(test.serve(2)).containsOnly("a");

            test.become(spec("a", "y", 0), spec("b", "x", 0));

            assertThat(test.serve(2)).containsOnly("b");
        }

        @Test
        void keepTheKeysOfAHashTogetherWhenTheySpillOver() {
            HashRule byQuery = new HashRule(HashKey.parse("query:k").orElseThrow(), 0);
            StrategyContext context = new StrategyContext(RANDOM, () -> 0, byQuery);
            Strategy hash = new Tiers(() -> StrategyFactory.hash().create(context), new TierRule("x", 1, 0), RANDOM);
            List<Candidate> candidates = Stream.of(zone("x", 2), zone("y", 2))
                    .flatMap(Stream::of)
                    .map(each -> new Candidate(Backends.backend(each), 1))
                    .toList();
            List<BackendSpec> members = new ArrayList<>(List.of(zone("x", 4)));
            members.addAll(List.of(zone("y", 2)));
            Picker picker = hash.pickerFor(candidates, members);

            List<String> once = hashed(picker);

            assertThat(hashed(picker)).isEqualTo(once);
            assertThat(once.stream().filter(id -> id.startsWith("y")).count())
                    .as("half of 200, five deviations")
                    .isBetween(65L, 135L);
        }

        private static List<String> hashed(Picker picker) {
            List<String> picks = new ArrayList<>();
            for (int key = 0; key < 200; key++) {
                picker.offer(TestRequest.get("/?k=" + key), backend -> picks.add(backend.id()));
            }
            return picks;
        }
    }

    @Test
    void inPanicTheBetterPriorityGetsAllUnlessABackupIsWell() {
        BackendSpec[] specs = {spec("a", "", 0), spec("b", "", 0), spec("c", "", 1)};
        TestPool allDown =
                TestPool.of(specs).panicThreshold(1).strategy(factory("", 0, 0)).build();
        TestPool backupUp =
                TestPool.of(specs).panicThreshold(1).strategy(factory("", 0, 0)).build();
        Stream.of("a", "b", "c").forEach(id -> allDown.miss(id, 1));
        Stream.of("a", "b").forEach(id -> backupUp.miss(id, 1));

        assertThat(allDown.serve(4)).containsOnly("a", "b");
        assertThat(backupUp.pool().panic()).isTrue();
        assertThat(backupUp.serve(4)).containsOnly("c");
    }

    @Test
    void addNothingToAPickIfThereIsButOneTier() {
        Picker own = (request, taker) -> true;

        Strategy tiers = new Tiers(() -> candidates -> own, TierRule.DEFAULT, RANDOM);

        assertThat(tiers.pickerFor(Backends.candidates("a", "b"))).isSameAs(own);
    }

    private static int spread(int ofThousand) {
        return (int) Math.ceil(5 * Math.sqrt(ofThousand * (1000 - ofThousand) / 1000.0));
    }

    private static BackendSpec[] zone(String zone, int count) {
        return IntStream.range(0, count).mapToObj(i -> spec(zone + i, zone, 0)).toArray(BackendSpec[]::new);
    }

    private static BackendSpec spec(String id, String zone, int priority) {
        return new BackendSpec(id, URI.create("http://" + id + ":1"), 1, 0, zone).withPriority(priority);
    }

    private static Strategy tiers(String zone, double zoneThreshold, double priorityThreshold) {
        return factory(zone, zoneThreshold, priorityThreshold).create(StrategyContext.of(bound -> 0));
    }

    private static StrategyFactory factory(String zone, double zoneThreshold, double priorityThreshold) {
        TierRule rule = new TierRule(zone, zoneThreshold, priorityThreshold);
        return StrategyFactory.of(
                "tiers",
                random -> new Tiers(
                        () -> StrategyFactory.roundRobin().create(StrategyContext.of(bound -> 0)), rule, RANDOM));
    }

    private static TestPool pool(String zone, double zoneThreshold, double priorityThreshold, BackendSpec... specs) {
        return TestPool.of(specs)
                .strategy(factory(zone, zoneThreshold, priorityThreshold))
                .build();
    }

    private static TestPool pool(
            String zone, double zoneThreshold, double priorityThreshold, BackendSpec[] near, BackendSpec[] far) {
        return pool(
                zone,
                zoneThreshold,
                priorityThreshold,
                Stream.of(near, far).flatMap(Stream::of).toArray(BackendSpec[]::new));
    }
}
