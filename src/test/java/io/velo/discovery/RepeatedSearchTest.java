package io.velo.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.velo.change.Finding;
import io.velo.change.FoundBackend;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

class RepeatedSearchTest {

    private static final FoundBackend A = new FoundBackend("a", URI.create("http://a:1"), OptionalInt.empty(), "");

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final DiscoverySettings settings =
            new DiscoverySettings(List.of(), Duration.ofSeconds(5), Duration.ofSeconds(1), Duration.ofSeconds(30));
    private final List<Finding> told = new ArrayList<>();
    private Mono<Sighting> next = found(10);
    private int looks;
    private final RepeatedSearch search = new RepeatedSearch(
            Mono.defer(() -> {
                looks++;
                return next;
            }),
            settings,
            time,
            told::add);

    private static Mono<Sighting> found(long seconds) {
        return Mono.just(new Sighting(List.of(A), Duration.ofSeconds(seconds)));
    }

    private void advance(long millis) {
        time.advanceTimeBy(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @CsvSource({"10, 10000", "0, 1000", "3600, 30000"})
    void looksAgainWhenWhatWasFoundHasHadItsTime(long ttlSeconds, long millis) {
        next = found(ttlSeconds);
        search.hurry();
        assertThat(told).containsExactly(new Finding.Found(List.of(A)));

        advance(millis - 1);
        assertThat(looks).isEqualTo(1);
        advance(1);
        assertThat(looks).isEqualTo(2);
    }

    @Test
    void looksEverLaterWhileItFails() {
        next = Mono.error(new IllegalStateException("SERVFAIL"));
        search.hurry();

        List<Integer> counts = IntStream.of(1000, 2000, 4000, 8000, 16000, 30000, 30000)
                .mapToObj(millis -> {
                    advance(millis - 1);
                    int before = looks;
                    advance(1);
                    return looks - before;
                })
                .toList();

        assertThat(counts).containsOnly(1);
        assertThat(looks).isEqualTo(8);
        assertThat(told).hasSize(8).containsOnly(new Finding.Failed("SERVFAIL"));
    }

    @Test
    void beginsWithTheShortestTimeAgainAfterASuccess() {
        next = Mono.error(new IllegalStateException("x"));
        search.hurry();
        advance(1000);
        advance(2000);
        next = found(10);
        advance(4000);
        next = Mono.error(new IllegalStateException("x"));
        advance(10_000);
        int before = looks;

        advance(1000);

        assertThat(looks).isEqualTo(before + 1);
    }

    @Test
    void takesNobodyForAFailure() {
        next = Mono.just(new Sighting(List.of(), Duration.ofSeconds(10)));
        search.hurry();
        next = Mono.empty();
        advance(1000);

        assertThat(told).containsExactly(new Finding.Failed("nobody is there"), new Finding.Failed("nobody is there"));
    }

    @Test
    void givesALookItsTimeAndNoMore() {
        next = Mono.never();
        search.hurry();
        advance(4999);
        assertThat(told).isEmpty();

        advance(1);

        assertThat(told).containsExactly(new Finding.Failed("no answer within 5000 ms"));
    }

    @Test
    void looksAtOnceIfHurried() {
        search.hurry();
        search.hurry();
        assertThat(looks).isEqualTo(2);

        advance(10_000);
        assertThat(looks).isEqualTo(3);
    }

    @Test
    void looksOnceMoreIfHurriedWhileLooking() {
        next = found(10).delayElement(Duration.ofSeconds(2), time);
        search.hurry();
        search.hurry();
        search.hurry();
        assertThat(looks).isEqualTo(1);

        advance(2000);

        assertThat(looks).isEqualTo(2);
    }

    @Test
    void endsWhenItIsClosed() {
        next = found(10).delayElement(Duration.ofSeconds(2), time);
        search.hurry();
        search.close();
        search.hurry();
        advance(60_000);

        assertThat(looks).isEqualTo(1);
        assertThat(told).isEmpty();
    }
}
