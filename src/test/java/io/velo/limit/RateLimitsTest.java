package io.velo.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.velo.testing.TestRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class RateLimitsTest {

    private static final TestRequest REQUEST = TestRequest.get("/shop").from("192.0.2.1");
    private static final TestRequest OTHER = REQUEST.from("192.0.2.2");

    private final AtomicLong now = new AtomicLong();
    private final List<String> denied = new ArrayList<>();
    private final RateLimits limits = newLimits(Optional.empty());

    private RateLimits newLimits(Optional<SharedBuckets> shared) {
        return new RateLimits(now::get, (limit, cause) -> denied.add(limit + " " + cause), shared);
    }

    private static LimitRule rule(String name, long requests, int concurrency, String... routes) {
        Optional<Rate> rate =
                requests == 0 ? Optional.empty() : Optional.of(new Rate(requests, Duration.ofSeconds(1), requests));
        return new LimitRule(name, Set.of(routes), LimitKey.parse("address").orElseThrow(), rate, concurrency);
    }

    private void swap(LimitRule... rules) {
        limits.swap(List.of(rules), 1000, OutagePolicy.LOCAL);
    }

    private static Admission ask(RateLimits limits, String route, TestRequest request) {
        List<Admission> told = new ArrayList<>();
        limits.decide(route, request, told::add);
        assertThat(told).hasSize(1);
        return told.get(0);
    }

    private Admission ask(TestRequest request) {
        return ask(limits, "shop", request);
    }

    private static Map<String, String> fields(Admission admission) {
        Map<String, String> fields = new LinkedHashMap<>();
        admission.tell(fields::put);
        return fields;
    }

    @Test
    void doNotConcernWhatNoneNames() {
        assertThat(limits.concern("shop")).isFalse();
        swap(rule("a", 1, 0, "shop"));

        assertThat(limits.concern("shop")).isTrue();
        assertThat(limits.concern("other")).isFalse();
        assertThat(ask(limits, "other", REQUEST).granted()).isTrue();
        assertThat(fields(ask(limits, "other", REQUEST))).isEmpty();
    }

    @Test
    void concernEveryRouteIfTheyNameNone() {
        swap(rule("all", 1, 0), rule("shop", 5, 0, "shop"));

        assertThat(limits.concern("other")).isTrue();
        assertThat(ask(limits, "other", REQUEST).granted()).isTrue();
        assertThat(ask(REQUEST).granted()).isFalse();
        assertThat(denied).containsExactly("all RATE");
    }

    @Test
    void tellHowMuchIsLeft() {
        swap(rule("a", 2, 0));

        assertThat(fields(ask(REQUEST)))
                .containsExactly(
                        Map.entry("RateLimit-Policy", "\"a\";q=2;w=1"), Map.entry("RateLimit", "\"a\";r=1;t=1"));
        assertThat(fields(ask(REQUEST))).containsEntry("RateLimit", "\"a\";r=0;t=1");
        assertThat(fields(ask(REQUEST)))
                .containsExactly(
                        Map.entry("RateLimit-Policy", "\"a\";q=2;w=1"),
                        Map.entry("RateLimit", "\"a\";r=0;t=1"),
                        Map.entry("Retry-After", "1"));
    }

    @Test
    void takeFromAllOrFromNone() {
        swap(rule("wide", 3, 0), rule("narrow", 1, 0));

        assertThat(ask(REQUEST).granted()).isTrue();
        assertThat(ask(REQUEST).granted()).isFalse();
        assertThat(ask(REQUEST).granted()).isFalse();
        swap(rule("wide", 3, 0));
        assertThat(List.of(
                        ask(REQUEST).granted(),
                        ask(REQUEST).granted(),
                        ask(REQUEST).granted()))
                .containsExactly(true, true, false);
    }

    @Test
    void boundHowManyAreInFlightUntilTheyEnd() {
        swap(rule("a", 0, 2));
        Admission first = ask(REQUEST);
        Admission second = ask(REQUEST);
        assertThat(ask(REQUEST).granted()).isFalse();
        assertThat(ask(OTHER).granted()).isTrue();

        first.end();
        first.end();

        assertThat(ask(REQUEST).granted()).isTrue();
        assertThat(ask(REQUEST).granted()).isFalse();
        assertThat(denied).containsExactly("a CONCURRENCY", "a CONCURRENCY");
        second.end();
        assertThat(limits.keysInFlight()).isEqualTo(2);
    }

    @Test
    void holdNothingForWhoWasRefused() {
        swap(rule("in-flight", 0, 5), rule("rate", 1, 0));

        ask(REQUEST).end();
        ask(REQUEST).end();

        assertThat(limits.keysInFlight()).isZero();
    }

    @Test
    void keepTheirCountsThroughAReload() {
        swap(rule("a", 2, 1));
        Admission held = ask(REQUEST);
        swap(rule("a", 2, 0));
        assertThat(ask(REQUEST).granted()).isTrue();
        assertThat(ask(REQUEST).granted()).isFalse();

        held.end();

        assertThat(limits.keysInFlight()).isZero();
        now.set(500_000_000);
        assertThat(ask(REQUEST).granted()).isTrue();
    }

    @Test
    void goByTheStoreIfThereIsOne() {
        List<List<Draw>> asked = new ArrayList<>();
        RateLimits shared = newLimits(Optional.of((draws, answer) -> {
            asked.add(draws);
            answer.accept(Optional.of(List.of(new Taken(false, 0, 2_500_000_000L, 5))));
        }));
        shared.swap(List.of(rule("a", 5, 1)), 1000, OutagePolicy.LOCAL);

        Admission admission = ask(shared, "shop", REQUEST);

        assertThat(admission.granted()).isFalse();
        assertThat(fields(admission)).containsEntry("Retry-After", "3");
        assertThat(asked)
                .singleElement()
                .satisfies(draws -> assertThat(draws).extracting(Draw::bucket).containsExactly("a:192.0.2.1"));
        assertThat(shared.keysInFlight()).isZero();
    }

    @Test
    void doInAnOutageWhatTheyWereTold() {
        RateLimits shared = newLimits(Optional.of((draws, answer) -> answer.accept(Optional.empty())));
        shared.swap(List.of(rule("a", 1, 7)), 1000, OutagePolicy.ALLOW);
        assertThat(ask(shared, "shop", REQUEST).granted()).isTrue();
        assertThat(ask(shared, "shop", REQUEST).granted()).isTrue();

        shared.swap(List.of(rule("a", 1, 7)), 1000, OutagePolicy.DENY);
        assertThat(ask(shared, "shop", REQUEST).granted()).isFalse();

        shared.swap(List.of(rule("a", 1, 7)), 1000, OutagePolicy.LOCAL);
        assertThat(ask(shared, "shop", REQUEST).granted()).isTrue();
        assertThat(ask(shared, "shop", REQUEST).granted()).isFalse();
        assertThat(denied).containsExactly("a OUTAGE", "a RATE");
    }

    @Test
    void decideLaterIfTheStoreAnswersLater() {
        List<Consumer<Optional<List<Taken>>>> waiting = new ArrayList<>();
        RateLimits shared = newLimits(Optional.of((draws, answer) -> waiting.add(answer)));
        shared.swap(List.of(rule("a", 5, 1)), 1000, OutagePolicy.LOCAL);
        List<Admission> told = new ArrayList<>();

        shared.decide("shop", REQUEST, told::add);
        assertThat(told).isEmpty();
        waiting.get(0).accept(Optional.of(List.of(new Taken(true, 4, 0, 1))));

        assertThat(told).singleElement().satisfies(each -> assertThat(each.granted())
                .isTrue());
    }
}
