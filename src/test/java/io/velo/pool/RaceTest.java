package io.velo.pool;

import static io.velo.testing.TestRequest.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.velo.backend.Outcome;
import io.velo.backend.Reason;
import io.velo.strategy.RequestView;
import io.velo.testing.TestPool;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What becomes of two backends that one request asks at once. */
class RaceTest {

    private static final RequestView GET = get("/");
    private static final Outcome LET_GO = new Outcome.Aborted(Reason.CLIENT_ABORTED, 0);

    private static TestPool pool(int attempts, int minRetries, String... ids) {
        return TestPool.of(ids)
                .retry(new RetryPolicy(
                        attempts, Set.of(), 0, minRetries, Duration.ZERO, Duration.ZERO, 0, Duration.ofMillis(100)))
                .build();
    }

    private static Setback slow(Tried tried) {
        return new Setback(GET, tried, true, Long.MAX_VALUE);
    }

    @Nested
    class Opened {

        private final TestPool pool = pool(1, 10, "a", "b");
        private final Tried tried = new Tried();
        private final Lease first = pool.lease("a");
        private final Race race;

        Opened() {
            tried.add(first);
            race = Race.open(first, slow(tried)).orElseThrow();
        }

        @Test
        void holdsBothWhileTheFirstOneCounts() {
            assertThat(race.second().backend().id()).isEqualTo("b");
            assertThat(tried.backends()).containsExactly(pool.backend("a"), pool.backend("b"));
            assertThat(tried.attempts()).isEqualTo(2);
            assertThat(tried.last()).containsSame(first);
            assertThat(pool.outcomes()).isEmpty();
        }

        @Test
        void letsTheSecondGoOnceTheFirstIsAnswered() {
            race.firstLeads();

            assertThat(pool.outcomes()).containsExactly(LET_GO);
            assertThat(pool.backend("b").inFlight()).isZero();
            assertThat(first.ended()).isFalse();
            assertThat(tried.last()).containsSame(first);
        }

        @Test
        void letsTheFirstGoOnceTheSecondIsAnswered() {
            Lease leading = race.secondLeads();

            assertThat(leading).isSameAs(race.second());
            assertThat(leading.ended()).isFalse();
            assertThat(pool.outcomes()).containsExactly(LET_GO);
            assertThat(pool.backend("a").inFlight()).isZero();
            assertThat(tried.last()).containsSame(leading);
        }

        @Test
        void goesOnWithTheSecondWhenTheFirstFails() {
            Lease leading = race.firstFails(Reason.CONNECTION_TERMINATED);

            assertThat(leading).isSameAs(race.second());
            assertThat(leading.ended()).isFalse();
            assertThat(pool.outcomes()).containsExactly(new Outcome.Failed(Reason.CONNECTION_TERMINATED, 0));
            assertThat(tried.last()).containsSame(leading);
        }

        @Test
        void blamesNobodyForWhatIsNotTheFirstOnesFault() {
            race.firstFails(Reason.CONNECTION_LIMIT_REACHED);

            assertThat(pool.outcomes()).containsExactly(new Outcome.Aborted(Reason.CONNECTION_LIMIT_REACHED, 0));
        }

        @Test
        void goesOnWithTheFirstWhenTheSecondFails() {
            race.secondFails(Reason.CONNECTION_REFUSED);

            assertThat(pool.outcomes()).containsExactly(new Outcome.Failed(Reason.CONNECTION_REFUSED, 0));
            assertThat(first.ended()).isFalse();
            assertThat(tried.last()).containsSame(first);
        }

        @Test
        void letsTheSecondGoForWhatIsNotItsFault() {
            race.secondFails(Reason.CONNECTION_LIMIT_REACHED);

            assertThat(pool.outcomes()).containsExactly(LET_GO);
        }
    }

    @Nested
    class IsNotOpened {

        private Tried tried(TestPool pool) {
            Tried tried = new Tried();
            tried.add(pool.lease("a"));
            return tried;
        }

        @Test
        void onceTheFirstHasEnded() {
            TestPool pool = pool(1, 10, "a", "b");
            Tried tried = tried(pool);
            Lease first = tried.last().orElseThrow();
            first.abort(Reason.CLIENT_ABORTED);

            assertThat(Race.open(first, slow(tried))).isEmpty();
            assertThat(tried.attempts()).isEqualTo(1);
        }

        @Test
        void outsideOfTheBudget() {
            Tried tried = tried(pool(1, 0, "a", "b"));

            assertThat(Race.open(tried.last().orElseThrow(), slow(tried))).isEmpty();
            assertThat(tried.backends()).hasSize(1);
        }

        @Test
        void ifNobodyElseHasRoom() {
            TestPool pool = pool(1, 10, "a", "b");
            Tried tried = tried(pool);
            pool.miss("b", 3);

            assertThat(Race.open(tried.last().orElseThrow(), slow(tried))).isEmpty();
            assertThat(tried.attempts()).isEqualTo(1);
        }

        @Test
        void ifAllAttemptsAreUsedUp() {
            Tried tried = tried(pool(0, 10, "a", "b"));

            assertThat(Race.open(tried.last().orElseThrow(), slow(tried))).isEmpty();
        }
    }
}
