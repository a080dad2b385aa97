package io.velo.route;

import static io.velo.testing.TestRequest.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.velo.backend.Reason;
import io.velo.pool.Lease;
import io.velo.pool.Retry;
import io.velo.pool.RetryPolicy;
import io.velo.pool.Setback;
import io.velo.pool.Tried;
import io.velo.testing.TestPool;
import io.velo.testing.TestRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Who is told of requests that get another backend, or could have. */
class SecondChancesTest {

    private final List<String> told = new ArrayList<>();
    private final SecondChances chances = new SecondChances(List.of(new RequestListener() {
        @Override
        public void ended(RequestEnd end) {
            told.add("ended");
        }

        @Override
        public void retried(String pool, Retry.Result result) {
            told.add(pool + " " + result.word());
        }
    }));

    private static TestPool pool(int minRetries) {
        return TestPool.of("a", "b")
                .retry(new RetryPolicy(
                        1,
                        Set.of(503),
                        0,
                        minRetries,
                        Duration.ofMillis(10),
                        Duration.ofMillis(10),
                        0,
                        Duration.ofMillis(100)))
                .randomBelow(bound -> bound - 1)
                .build();
    }

    private static Setback setback(TestPool pool, String method) {
        Tried tried = new Tried();
        tried.add(pool.lease("a"));
        TestRequest request = get("/").by(method);
        return Setback.within(Duration.ZERO, 0, request, tried, true);
    }

    @Test
    void tellsOfOneThatIsTakenOnlyThen() {
        TestPool pool = pool(10);

        Retry retry = chances.after(Reason.CONNECTION_REFUSED, pool.pool(), setback(pool, "POST"));

        assertThat(retry.granted()).isTrue();
        assertThat(told).isEmpty();

        chances.taken(pool.pool());

        assertThat(told).containsExactly("test sent");
    }

    @Test
    void tellsWhyThereIsNone() {
        TestPool pool = pool(0);

        Retry posted = chances.after(Reason.CONNECTION_TERMINATED, pool.pool(), setback(pool, "POST"));
        Retry answered = chances.after("", pool.pool(), setback(pool, "GET"));

        assertThat(posted.granted()).isFalse();
        assertThat(answered.granted()).isFalse();
        assertThat(told).containsExactly("test not_replayable", "test budget_exhausted");
    }

    @Test
    void saysNothingWhereThereIsNothingToSay() {
        TestPool pool = pool(10);

        chances.after(Reason.CLIENT_ABORTED, pool.pool(), setback(pool, "GET"));
        chances.after("60", pool.pool(), setback(pool, "GET"));

        assertThat(told).isEmpty();
    }

    @Test
    void tellsOfASecondBackendBesideASlowOne() {
        TestPool pool = pool(1);
        Setback slow = setback(pool, "GET");
        Lease first = slow.tried().last().orElseThrow();

        assertThat(chances.beside(first, slow)).isPresent();
        assertThat(chances.beside(first, slow)).as("both have been asked").isEmpty();

        assertThat(told).containsExactly("test hedged");
    }

    @Test
    void leavesWhatIsLeftOfTheTime() {
        TestPool pool = pool(10);
        Setback setback = setback(pool, "GET");
        Setback late = Setback.within(Duration.ofMillis(15), 6_000_000, setback.request(), setback.tried(), true);

        assertThat(late.restNanos()).isEqualTo(9_000_000);
        assertThat(chances.after(Reason.CONNECTION_TERMINATED, pool.pool(), late))
                .as("the pause would be longer")
                .isEqualTo(Retry.NONE);
    }
}
