package io.velo.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.velo.testing.FakeClock;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RetryBudgetTest {

    private static final long SECOND = 1_000_000_000L;
    private static final long START = new FakeClock().nanos(); // soon runs over the end of a long

    private final RetryBudget budget = new RetryBudget(START);

    private void requests(int count, long now) {
        for (int i = 0; i < count; i++) {
            budget.requested(now);
        }
    }

    private int taken(int tries, double share, int perSecond, long now) {
        int taken = 0;
        for (int i = 0; i < tries; i++) {
            taken += budget.tryTake(share, perSecond, now) ? 1 : 0;
        }
        return taken;
    }

    @Test
    void isAShareOfTheRequests() {
        requests(1000, START);

        assertThat(taken(1000, 0.2, 3, START + SECOND / 2)).isEqualTo(200);
    }

    @Test
    void isAFewASecondWithoutRequests() {
        assertThat(taken(1000, 0.2, 3, START)).isEqualTo(30);
    }

    @Test
    void isNothingIfNothingIsAllowed() {
        requests(1000, START);

        assertThat(taken(10, 0, 0, START)).isZero();
    }

    @Test
    void forgetsRequestsAndRepetitionsAfterTheWindow() {
        requests(1000, START);
        assertThat(taken(1000, 0.2, 0, START)).isEqualTo(200);

        assertThat(taken(10, 0.2, 0, START + 9 * SECOND)).as("still known").isZero();
        requests(100, START + 10 * SECOND);
        assertThat(taken(1000, 0.2, 0, START + 10 * SECOND)).isEqualTo(20);
    }

    @Test
    void startsAnewAfterALongSilence() {
        requests(1000, START);
        taken(1000, 0.2, 0, START);

        requests(50, START + 3600 * SECOND);

        assertThat(taken(1000, 0.2, 0, START + 3600 * SECOND)).isEqualTo(10);
    }

    @Test
    void neverExceedsItsShareWhateverComesWhen() {
        Random random = new Random(7);
        long now = START;
        long requests = 0;
        long repeats = 0;
        for (int i = 0; i < 5000; i++) {
            now += random.nextInt(10) == 0 ? random.nextInt(20) * SECOND : random.nextInt(400) * 1_000_000L;
            int asked = random.nextInt(40);
            requests(asked, now);
            requests += asked;
            repeats += taken(random.nextInt(30), 0.2, 0, now);

            assertThat(repeats).as("of %d", requests).isLessThanOrEqualTo(requests / 5);
        }
        assertThat(repeats).as("and makes use of it").isGreaterThan(requests / 6);
    }

    @Test
    void countsRightFromManyThreads() throws InterruptedException {
        AtomicInteger granted = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        requests(1000, START);
        for (int i = 0; i < 4; i++) {
            threads.execute(() -> granted.addAndGet(taken(1000, 0.2, 0, START)));
        }
        threads.shutdown();

        assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        assertThat(granted).hasValue(200);
    }
}
