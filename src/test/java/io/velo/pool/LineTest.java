package io.velo.pool;

import static io.velo.testing.Backends.capped;
import static io.velo.testing.TestRequest.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.velo.backend.Backend;
import io.velo.backend.Outcome;
import io.velo.backend.OutcomeListener;
import io.velo.backend.Reason;
import io.velo.strategy.RequestView;
import io.velo.testing.TestPool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Requests for which no backend has room. */
class LineTest {

    private static final RequestView GET = get("/");
    private static final int MANY = 500;

    private final List<Long> waits = new ArrayList<>();
    private final TestPool test = TestPool.of(capped("a", 1), capped("b", 1))
            .outcomes(new OutcomeListener() {
                @Override
                public void ended(Backend backend, Outcome outcome) {}

                @Override
                public void waited(String pool, long nanos) {
                    waits.add(nanos);
                }
            })
            .build();
    private final Pool pool = test.pool();
    private final Line line = pool.line();
    private final List<Integer> served = new ArrayList<>();
    private final List<Lease> leases = new ArrayList<>();

    private Lease take() {
        return (Lease) pool.acquire(GET, List.of());
    }

    private Optional<Line.Place> join(int number) {
        return line.join(GET, MANY, lease -> {
            served.add(number);
            leases.add(lease);
        });
    }

    private void assertNobodyIsLeft() {
        assertThat(line.length()).isZero();
        assertThat(pool.backends())
                .allSatisfy(each -> assertThat(each.inFlight()).isZero());
    }

    @Test
    void servesEachInTurnAsLeasesEnd() {
        Lease first = take();
        Lease second = take();
        IntStream.range(0, MANY).forEach(this::join);
        assertThat(line.length()).isEqualTo(MANY);
        assertThat(served).isEmpty();

        first.complete();
        second.complete();
        for (int i = 0; i < MANY; i++) {
            assertThat(served).hasSize(Math.min(MANY, i + 2));
            leases.get(i).complete();
        }

        assertThat(served)
                .containsExactlyElementsOf(IntStream.range(0, MANY).boxed().toList());
        assertNobodyIsLeft();
    }

    @Test
    void passesOverThoseThatHaveLeft() {
        Lease first = take();
        Lease second = take();
        List<Line.Place> places = IntStream.range(0, MANY)
                .mapToObj(number -> join(number).orElseThrow())
                .toList();
        for (int i = 0; i < MANY; i++) {
            if (i % 3 != 0) {
                assertThat(places.get(i).leave()).isTrue();
                assertThat(places.get(i).leave()).as("once").isFalse();
            }
        }
        first.complete();
        second.complete();
        for (int i = 0; i < leases.size(); i++) {
            leases.get(i).complete();
        }

        assertThat(served).hasSize((MANY + 2) / 3).isSorted().allMatch(number -> number % 3 == 0);
        assertThat(places.get(0).leave()).as("served before").isFalse();
        assertNobodyIsLeft();
    }

    @Test
    void takesNoMoreThanItMay() {
        Lease first = take();
        take();

        assertThat(line.join(GET, 1, lease -> {})).isPresent();
        assertThat(line.join(GET, 1, lease -> {})).isEmpty();
        assertThat(line.join(GET, 0, lease -> {})).isEmpty();
        assertThat(line.length()).isEqualTo(1);
        first.complete();
        assertThat(line.length()).isZero();
    }

    @Test
    void isNotOvertaken() {
        take();
        Lease second = take();
        join(1);

        assertThat(pool.acquire(GET, List.of())).isEqualTo(new Pick.None(Reason.CONNECTION_LIMIT_REACHED));
        join(2);
        second.complete();

        assertThat(served).containsExactly(1);
    }

    @Test
    void servesWhoComesWhenThereIsRoomAfterAll() {
        join(1);

        assertThat(served).containsExactly(1);
        assertThat(line.length()).isZero();
    }

    @Test
    void servesWhenABackendJoins() {
        take();
        take();
        join(1);

        test.become(pool.spec().withBackends(List.of(capped("a", 1), capped("b", 1), capped("c", 1))));

        assertThat(served).containsExactly(1);
        assertThat(leases.get(0).backend().id()).isEqualTo("c");
    }

    @Test
    void servesWhenACapIsRaised() {
        take();
        take();
        join(1);

        test.become(pool.spec().withBackends(List.of(capped("a", 2), capped("b", 1))));

        assertThat(served).containsExactly(1);
    }

    @Test
    void tellsHowLongEachHasWaited() {
        Lease first = take();
        take();
        join(1);
        Line.Place leaving = join(2).orElseThrow();

        test.clock().advance(Duration.ofMillis(20));
        leaving.leave();
        test.clock().advance(Duration.ofMillis(10));
        first.complete();

        assertThat(waits).containsExactly(20_000_000L, 30_000_000L);
    }

    @Test
    void losesNobodyAmongManyThreads() throws InterruptedException {
        TestPool busy = TestPool.of(capped("a", 2), capped("b", 1)).build();
        AtomicInteger ended = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(8);
        for (int i = 0; i < 8; i++) {
            boolean leaver = i % 4 == 0;
            threads.execute(() -> {
                for (int round = 0; round < 500; round++) {
                    ask(busy.pool(), leaver, ended);
                }
            });
        }
        threads.shutdown();

        assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        assertThat(ended).hasValue(8 * 500);
        assertThat(busy.pool().line().length()).isZero();
        assertThat(busy.pool().backends())
                .allSatisfy(each -> assertThat(each.inFlight()).isZero());
    }

    private static void ask(Pool pool, boolean leaver, AtomicInteger ended) {
        if (pool.acquire(GET, List.of()) instanceof Lease lease) {
            ended.incrementAndGet();
            lease.complete();
            return;
        }
        Line.Place place = pool.line()
                .join(GET, Integer.MAX_VALUE, lease -> {
                    ended.incrementAndGet();
                    lease.complete();
                })
                .orElseThrow();
        if (leaver && place.leave()) {
            ended.incrementAndGet();
        }
    }
}
