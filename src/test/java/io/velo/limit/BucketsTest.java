package io.velo.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class BucketsTest {

    private static final long SECOND = 1_000_000_000L;

    private final Buckets buckets = new Buckets(100_000);

    private static Rate rate(long requests, long burst) {
        return new Rate(requests, Duration.ofSeconds(1), burst);
    }

    @Test
    void givesTheBurstAndThenTheRate() {
        List<Boolean> granted = new ArrayList<>();
        for (long millis : new long[] {0, 0, 0, 0, 99, 100, 101, 350, 350, 350}) {
            granted.add(buckets.take("a", rate(10, 3), millis * 1_000_000).granted());
        }

        assertThat(granted).containsExactly(true, true, true, false, false, true, false, true, true, false);
    }

    @Test
    void tellsWhatIsLeftAndHowLongToWait() {
        Taken first = buckets.take("a", rate(2, 2), 0);
        Taken second = buckets.take("a", rate(2, 2), 0);
        Taken third = buckets.take("a", rate(2, 2), SECOND / 5);

        assertThat(first).isEqualTo(new Taken(true, 1, 0, SECOND / 2));
        assertThat(second).isEqualTo(new Taken(true, 0, 0, SECOND));
        assertThat(third).isEqualTo(new Taken(false, 0, SECOND * 3 / 10, SECOND * 4 / 5));
    }

    @Test
    void isNeverFullerThanFull() {
        buckets.take("a", rate(1, 2), 0);

        assertThat(buckets.take("a", rate(1, 2), 1000 * SECOND).remaining()).isEqualTo(1);
        assertThat(buckets.take("a", rate(1, 2), 1000 * SECOND).remaining()).isZero();
        assertThat(buckets.take("a", rate(1, 2), 1000 * SECOND).granted()).isFalse();
    }

    @Test
    void countsEachKeyByItself() {
        assertThat(buckets.take("a", rate(1, 1), 0).granted()).isTrue();
        assertThat(buckets.take("b", rate(1, 1), 0).granted()).isTrue();
        assertThat(buckets.take("a", rate(1, 1), 0).granted()).isFalse();
    }

    @Test
    void takesATokenBack() {
        buckets.take("a", rate(1, 1), 0);
        buckets.giveBack("a", rate(1, 1));
        buckets.giveBack("unknown", rate(1, 1));

        assertThat(buckets.take("a", rate(1, 1), 0).granted()).isTrue();
    }

    @Test
    void worksAcrossTheOverflowOfTheClock() {
        assertThat(buckets.take("a", rate(1, 1), Long.MAX_VALUE - 5).granted()).isTrue();
        assertThat(buckets.take("a", rate(1, 1), Long.MIN_VALUE + 5).granted()).isFalse();
        assertThat(buckets.take("a", rate(1, 1), Long.MIN_VALUE + SECOND).granted())
                .isTrue();
    }

    @Test
    void remembersABoundedNumberOfAMillionKeys() {
        Buckets few = new Buckets(1000);
        for (int i = 0; i < 1_000_000; i++) {
            few.take(Integer.toString(i), rate(1, 1), 0);
        }

        assertThat(few.size()).isBetween(900, 1100);
    }

    @Test
    void neverForgetsOneThatGoesOnAskingInAFlood() {
        Buckets few = new Buckets(1000);
        int granted = 0;
        for (int i = 0; i < 100_000; i++) {
            few.take("flood" + i, rate(1, 1), 0);
            granted += i % 100 == 0 && few.take("abuser", rate(1, 1), 0).granted() ? 1 : 0;
        }

        assertThat(granted).isEqualTo(1);
    }

    @Test
    void grantsExactlyTheBurstToManyThreads() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        Callable<Integer> ask = () -> {
            int granted = 0;
            for (int i = 0; i < 1000; i++) {
                granted += buckets.take("a", rate(1, 777), 0).granted() ? 1 : 0;
            }
            return granted;
        };
        int all = 0;
        for (Future<Integer> each : threads.invokeAll(List.of(ask, ask, ask, ask))) {
            all += each.get();
        }
        threads.shutdown();

        assertThat(all).isEqualTo(777);
    }
}
