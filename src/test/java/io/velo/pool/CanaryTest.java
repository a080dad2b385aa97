package io.velo.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.velo.backend.Outcome.Kind;
import io.velo.pool.CanaryPlan.Guard;
import io.velo.strategy.StrategyContext;
import io.velo.strategy.StrategyFactory;
import io.velo.testing.FakeClock;
import io.velo.testing.TestPool;
import io.velo.testing.TestRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CanaryTest {

    private static final Guard GUARD = new Guard(2, 100, Duration.ofSeconds(60));
    private static final TestRequest REQUEST = TestRequest.get("/");

    private final FakeClock clock = new FakeClock();
    private final List<StepBack> steps = new ArrayList<>();
    private final Pool own = pool("own");
    private final Pool next = pool("next");
    private final Pools pools = new Pools(List.of(own, next));
    private int drawn;
    private final Canaries canaries =
            new Canaries(new CanaryWiring(bound -> drawn, clock::nanos, clock, () -> List.of(steps::add)));

    private static Pool pool(String name) {
        TestPool any = TestPool.of("a").build();
        PoolSpec spec = any.pool().spec();
        return new Pool(
                new PoolSpec(
                        name,
                        spec.strategy(),
                        spec.backends(),
                        false,
                        spec.thresholds(),
                        spec.maxEjected(),
                        spec.panicThreshold(),
                        spec.slowStart(),
                        spec.drainTimeout()),
                StrategyFactory.roundRobin().create(StrategyContext.of(bound -> 0)),
                new PoolWiring(
                        (pool, id) -> io.velo.backend.Breaker.NONE,
                        List.of(),
                        List.of(),
                        any.clock()::nanos,
                        any.clock()));
    }

    private Canary canary(double percent, String key) {
        canaries.swap(Map.of("own", new CanaryPlan("next", percent, CanaryKey.parse(key), GUARD)));
        return canaries.of("own").orElseThrow();
    }

    private static TestRequest withCookie(String cookies) {
        return REQUEST.with("Cookie", cookies);
    }

    @ParameterizedTest
    @CsvSource({"0, next", "499, next", "500, own", "9999, own"})
    void placesAClientByTheSlotInItsCookie(int slot, String pool) {
        Placement placement = canary(5, "cookie").place(own, withCookie("a=b; velo-canary=" + slot + ";c=d"), pools);

        assertThat(placement.pool().name()).isEqualTo(pool);
        assertThat(placement.cookie()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"17, next", "500, own"})
    void givesAClientWithoutOneACookieOfItsSlot(int slot, String pool) {
        drawn = slot;

        Placement placement = canary(5, "cookie").place(own, REQUEST, pools);

        assertThat(placement.pool().name()).isEqualTo(pool);
        assertThat(placement.cookie()).contains("velo-canary=" + slot + "; Path=/; HttpOnly; SameSite=Lax");
    }

    @ParameterizedTest
    @CsvSource({
        "velo-canary=",
        "velo-canary=10000",
        "velo-canary=-1",
        "velo-canary=x",
        "velo-canar=1",
        "velo-canary=99999999999"
    })
    void takesABrokenCookieForNone(String cookie) {
        assertThat(canary(5, "cookie").place(own, withCookie(cookie), pools).cookie())
                .isPresent();
    }

    @Test
    void placesAClientWithTheSameFieldAlwaysAlikeAndOneWithoutNever() {
        Canary canary = canary(25, "header:X-User");

        long share = IntStream.range(0, 4000)
                .filter(user -> {
                    TestRequest request = REQUEST.with("x-user", "user-" + user);
                    boolean there = canary.place(own, request, pools).pool() == next;
                    assertThat(canary.place(own, request, pools).pool() == next).isEqualTo(there);
                    return there;
                })
                .count();

        assertThat(share).isBetween(880L, 1120L);
        assertThat(canary.place(own, REQUEST, pools).pool()).isEqualTo(own);
        assertThat(canary.place(own, REQUEST, pools).cookie()).isEmpty();
    }

    @Test
    void keepsItsClientsWhenItsShareGrows() {
        Canary canary = canary(10, "header:X-User");
        List<TestRequest> there = IntStream.range(0, 500)
                .mapToObj(user -> REQUEST.with("X-User", "user-" + user))
                .filter(request -> canary.place(own, request, pools).pool() == next)
                .toList();

        canary.become(20);

        assertThat(there).isNotEmpty().allSatisfy(request -> assertThat(
                        canary.place(own, request, pools).pool())
                .isEqualTo(next));
    }

    @Test
    void placesAllOfAnAddressAlike() {
        assertThat(canary(100, "address").place(own, REQUEST, pools).pool()).isEqualTo(next);
        assertThat(canary(0, "address").place(own, REQUEST, pools).pool()).isEqualTo(own);
    }

    @Test
    void staysAtHomeIfTheOtherPoolIsGone() {
        pools.swap(List.of(own), List.of());

        assertThat(canary(100, "address").place(own, REQUEST, pools).pool()).isEqualTo(own);
    }

    /** So many requests, of which so many fail. */
    private void serve(Canary canary, int slot, int requests, int errors) {
        for (int i = 0; i < requests; i++) {
            Placement placement = canary.place(own, withCookie("velo-canary=" + slot), pools);
            placement.ended(i < errors ? Kind.SERVER_ERROR : Kind.SUCCESS);
        }
    }

    @Test
    void stepsBackWhenItDoesMuchWorse() {
        Canary canary = canary(5, "cookie");
        serve(canary, 9000, 1900, 19);
        serve(canary, 1, 100, 0);
        assertThat(canary.percent()).isEqualTo(5);

        serve(canary, 1, 10, 10);
        serve(canary, 1, 5, 5);

        assertThat(canary.percent()).isZero();
        assertThat(steps).singleElement().satisfies(step -> {
            assertThat(step.percent()).isEqualTo(5);
            assertThat(step.cause())
                    .matches("its \\d+ errors in 1\\d\\d requests are more than 2.0 times those of pool own,"
                            + " 19 errors in 1900 requests");
        });
        assertThat(canary.place(own, withCookie("velo-canary=1"), pools).pool()).isEqualTo(own);
        assertThat(canary.steppedBack()).contains(steps.get(0));
    }

    @Test
    void waitsForEnoughRequests() {
        Canary canary = canary(5, "cookie");
        serve(canary, 9000, 1000, 0);
        serve(canary, 1, 99, 99);
        assertThat(canary.percent()).isEqualTo(5);

        serve(canary, 1, 1, 1);

        assertThat(canary.percent()).isZero();
    }

    @Test
    void staysWhenItDoesAsTheOthersDo() {
        Canary canary = canary(50, "cookie");
        for (int round = 0; round < 200; round++) {
            serve(canary, 9000, 10, 1);
            serve(canary, 1, 10, 1);
        }

        assertThat(canary.percent()).isEqualTo(50);
        assertThat(canary.canaryFigures()).isEqualTo(new CanaryFigures(2000, 200));
        assertThat(canary.baselineFigures()).isEqualTo(new CanaryFigures(2000, 200));
    }

    @Test
    void forgivesAFewErrorsWhereTheOthersHaveNone() {
        Canary canary = canary(5, "cookie");
        serve(canary, 9000, 1900, 0);
        serve(canary, 1, 98, 0);
        serve(canary, 1, 2, 2);
        assertThat(canary.percent()).isEqualTo(5);

        serve(canary, 1, 1, 1);

        assertThat(canary.percent()).isZero();
    }

    @Test
    void makesNothingOfItWithoutAnybodyToCompareWith() {
        Canary canary = canary(100, "cookie");

        serve(canary, 1, 1000, 1000);

        assertThat(canary.percent()).isEqualTo(100);
    }

    @Test
    void takesNoAccountOfClientsThatLeftAndOfTheirOwnErrors() {
        Canary canary = canary(5, "cookie");
        serve(canary, 9000, 1900, 0);
        for (int i = 0; i < 300; i++) {
            canary.place(own, withCookie("velo-canary=1"), pools).ended(Kind.ABORTED);
            canary.place(own, withCookie("velo-canary=1"), pools).ended(Kind.CLIENT_ERROR);
        }

        assertThat(canary.percent()).isEqualTo(5);
        assertThat(canary.canaryFigures()).isEqualTo(new CanaryFigures(300, 0));
    }

    @Test
    void forgetsWhatIsOlderThanTheWindow() {
        Canary canary = canary(5, "cookie");
        serve(canary, 9000, 1900, 0);
        serve(canary, 1, 99, 99);

        clock.advance(Duration.ofSeconds(61));
        serve(canary, 9000, 1900, 0);
        serve(canary, 1, 99, 2);

        assertThat(canary.percent()).isEqualTo(5);
        assertThat(canary.canaryFigures()).isEqualTo(new CanaryFigures(99, 2));
    }

    @Test
    void isGivenUpWithinAWindowWhateverWasBefore() {
        Canary canary = canary(10, "cookie");
        for (int second = 0; second < 120; second++) {
            serve(canary, 9000, 90, 0);
            serve(canary, 1, 10, 0);
            clock.advance(Duration.ofSeconds(1));
        }

        int seconds = 0;
        while (canary.percent() > 0) {
            serve(canary, 9000, 90, 0);
            serve(canary, 1, 10, 3);
            clock.advance(Duration.ofSeconds(1));
            seconds++;
        }

        assertThat(seconds).isLessThan(10);
    }

    @Test
    void doesNotCountWhatWasPlacedBeforeItBeganAnew() {
        Canary canary = canary(5, "cookie");
        serve(canary, 9000, 1900, 0);
        Placement old = canary.place(own, withCookie("velo-canary=1"), pools);
        serve(canary, 1, 200, 200);
        assertThat(canary.percent()).isZero();

        canary.become(5);
        old.ended(Kind.FAILED);

        assertThat(canary.percent()).isEqualTo(5);
        assertThat(canary.steppedBack()).isEmpty();
        assertThat(canary.canaryFigures()).isEqualTo(new CanaryFigures(0, 0));
        assertThat(steps).hasSize(1);
    }

    @Test
    void staysSteppedBackUntilItsPlanChanges() {
        Canary canary = canary(5, "cookie");
        serve(canary, 9000, 1900, 0);
        serve(canary, 1, 200, 200);

        assertThat(canary(5, "cookie").percent()).isZero();
        assertThat(canary(6, "cookie").percent()).isEqualTo(6);
        canaries.swap(Map.of());
        assertThat(canaries.of("own")).isEmpty();
    }

    @Test
    void hasNoGuardIfThatIsOff() {
        Guard off = new Guard(0, 1, Duration.ofSeconds(60));
        canaries.swap(Map.of("own", new CanaryPlan("next", 5, CanaryKey.parse("cookie"), off)));
        Canary canary = canaries.of("own").orElseThrow();

        serve(canary, 9000, 1000, 0);
        serve(canary, 1, 1000, 1000);

        assertThat(canary.percent()).isEqualTo(5);
    }
}
