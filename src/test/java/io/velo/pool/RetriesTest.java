package io.velo.pool;

import static io.velo.testing.TestRequest.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.velo.backend.Reason;
import io.velo.strategy.RequestView;
import io.velo.testing.TestPool;
import io.velo.testing.TestRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which requests go to another backend after a failure, and when. */
class RetriesTest {

    private static final RequestView GET = get("/");
    private static final RequestView POST = get("/").by("POST");
    private static final long NO_LIMIT = Long.MAX_VALUE;

    private static RetryPolicy policy(int attempts, Set<Integer> statuses, int minRetries) {
        return new RetryPolicy(
                attempts,
                statuses,
                0.2,
                minRetries,
                Duration.ofMillis(25),
                Duration.ofMillis(250),
                64 << 10,
                Duration.ZERO);
    }

    /** The longest pause that may be drawn. */
    private static TestPool pool(RetryPolicy policy) {
        return TestPool.of("a", "b", "c", "d", "e", "f", "g")
                .retry(policy)
                .randomBelow(bound -> bound - 1)
                .build();
    }

    private static Tried tried(TestPool pool, int attempts) {
        Tried tried = new Tried();
        for (int i = 0; i < attempts; i++) {
            tried.add((Lease) pool.pool().acquire(GET, tried.backends()));
            tried.last().orElseThrow().abort(Reason.CLIENT_ABORTED);
        }
        return tried;
    }

    private static Retry after(TestPool pool, Reason why, RequestView request, int attempts) {
        return pool.pool().retries().after(why, new Setback(request, tried(pool, attempts), true, NO_LIMIT));
    }

    @Nested
    class WhatReachedNobody {

        private final TestPool pool = pool(policy(1, Set.of(), 0));

        @ParameterizedTest
        @EnumSource(
                value = Reason.class,
                names = {
                    "CONNECTION_REFUSED",
                    "DESTINATION_IP_UNROUTABLE",
                    "DNS_ERROR",
                    "CONNECTION_TIMEOUT",
                    "TLS_PROTOCOL_ERROR",
                    "TLS_CERTIFICATE_ERROR",
                    "CONNECTION_LIMIT_REACHED"
                })
        void goesToAnotherAtOnceWhateverItsMethodAndTheBudget(Reason why) {
            assertThat(after(pool, why, POST, 1)).isEqualTo(Retry.AT_ONCE);
        }

        @Test
        void staysIfItsBodyWasSentToSomebodyBeforeAndIsGone() {
            Setback setback = new Setback(POST, tried(pool, 1), false, NO_LIMIT);

            assertThat(pool.pool().retries().after(Reason.CONNECTION_REFUSED, setback))
                    .isEqualTo(Retry.NOT_REPLAYABLE);
        }

        @Test
        void staysWhenItsAttemptsAreUsedUp() {
            assertThat(after(pool, Reason.CONNECTION_REFUSED, GET, 2)).isEqualTo(Retry.NONE);
        }

        @Test
        void staysIfThereIsNobodyElse() {
            TestPool one = TestPool.of("a").retry(policy(3, Set.of(), 3)).build();

            assertThat(after(one, Reason.CONNECTION_REFUSED, GET, 1)).isEqualTo(Retry.NONE);
        }
    }

    @Nested
    class WhatMayHaveBeenWorkedOn {

        private final TestPool pool = pool(policy(1, Set.of(), 3));

        @ParameterizedTest
        @ValueSource(strings = {"GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"})
        void goesToAnotherIfItsMethodIsIdempotent(String method) {
            Retry retry = after(pool, Reason.CONNECTION_TERMINATED, get("/").by(method), 1);

            assertThat(retry.granted()).isTrue();
            assertThat(retry.delayNanos()).isPositive();
        }

        @ParameterizedTest
        @ValueSource(strings = {"POST", "PATCH", "CONNECT", "get", "BREW"})
        void staysOtherwise(String method) {
            assertThat(after(pool, Reason.CONNECTION_TERMINATED, get("/").by(method), 1))
                    .isEqualTo(Retry.NOT_REPLAYABLE);
        }

        @Test
        void goesToAnotherIfItsClientGaveItAKey() {
            TestRequest keyed = get("/").by("POST").with("idempotency-key", "\"8e03978e\"");

            assertThat(after(pool, Reason.HTTP_RESPONSE_TIMEOUT, keyed, 1).granted())
                    .isTrue();
        }

        @Test
        void staysIfItsBodyIsGone() {
            Setback setback = new Setback(GET, tried(pool, 1), false, NO_LIMIT);

            assertThat(pool.pool().retries().after(Reason.CONNECTION_TERMINATED, setback))
                    .isEqualTo(Retry.NOT_REPLAYABLE);
        }

        @Test
        void staysIfThePauseWouldTakeAllOfItsTime() {
            long pause = after(pool, Reason.CONNECTION_TERMINATED, GET, 1).delayNanos();
            Tried one = tried(pool, 1);

            assertThat(pool.pool().retries().after(Reason.CONNECTION_TERMINATED, new Setback(GET, one, true, pause)))
                    .isEqualTo(Retry.NONE);
            assertThat(pool.pool()
                            .retries()
                            .after(Reason.CONNECTION_TERMINATED, new Setback(GET, one, true, pause + 1))
                            .granted())
                    .isTrue();
        }

        @Test
        void pausesLongerEachTimeUpToAMaximum() {
            TestPool many = pool(policy(6, Set.of(), 3));
            List<Long> micros = new ArrayList<>();
            for (int attempts = 1; attempts <= 6; attempts++) {
                micros.add(
                        after(many, Reason.CONNECTION_TERMINATED, GET, attempts).delayNanos() / 1000 + 1);
            }

            assertThat(micros).containsExactly(25_000L, 50_000L, 100_000L, 200_000L, 250_000L, 250_000L);
        }

        @Test
        void isRepeatedOnlyWithinTheBudget() {
            TestPool few = pool(policy(1, Set.of(), 0));
            Tried one = tried(few, 1); // one request so far, and 99 more
            for (int i = 0; i < 99; i++) {
                tried(few, 1);
            }
            int granted = 0;
            for (int i = 0; i < 100; i++) {
                Retry retry =
                        few.pool().retries().after(Reason.CONNECTION_TERMINATED, new Setback(GET, one, true, NO_LIMIT));
                granted += retry.granted() ? 1 : 0;
                assertThat(retry.result()).isIn(Retry.Result.SENT, Retry.Result.BUDGET_EXHAUSTED);
            }

            assertThat(granted).isEqualTo(20);
        }

        @Test
        void isAllThatIsRepeated() {
            Set<Reason> others = EnumSet.allOf(Reason.class);
            others.removeIf(Reason::beforeSending);
            others.removeAll(Set.of(
                    Reason.CONNECTION_LIMIT_REACHED, Reason.CONNECTION_TERMINATED, Reason.HTTP_RESPONSE_TIMEOUT));

            assertThat(others)
                    .allSatisfy(why -> assertThat(after(pool, why, GET, 1)).isEqualTo(Retry.NONE));
        }
    }

    @Nested
    class Answers {

        private final TestPool pool = pool(policy(1, Set.of(503), 3));

        private Retry answered(String retryAfter, long rest) {
            return pool.pool().retries().after(retryAfter, new Setback(GET, tried(pool, 1), true, rest));
        }

        @Test
        void areNoReasonUnlessTheirStatusIsNamed() {
            assertThat(pool.pool().retries().concerns(503)).isTrue();
            assertThat(pool.pool().retries().concerns(500)).isFalse();
            assertThat(pool(RetryPolicy.DEFAULT).pool().retries().concernAnswers())
                    .isFalse();
        }

        @Test
        void areRepeatedAfterTheUsualPause() {
            assertThat(answered("", NO_LIMIT).delayNanos()).isBetween(1L, 25_000_000L);
        }

        @Test
        void areRepeatedWhenTheBackendSaysSo() {
            assertThat(answered("2", NO_LIMIT).delayNanos()).isEqualTo(2_000_000_000L);
        }

        @Test
        void arePassedOnIfItSaysTooLate() {
            assertThat(answered("6", NO_LIMIT)).isEqualTo(Retry.NONE);
            assertThat(answered("2", 2_000_000_000L)).isEqualTo(Retry.NONE);
        }
    }

    @Nested
    class Bodies {

        @Test
        void areKeptOnlyIfTheyMayBeSentAgain() {
            Retries retries = pool(RetryPolicy.DEFAULT).pool().retries();

            assertThat(retries.replayLimit(get("/").by("PUT"), false)).isEqualTo(64 << 10);
            assertThat(retries.replayLimit(POST, false)).isZero();
            assertThat(retries.replayLimit(POST, true)).isEqualTo(64 << 10);
            assertThat(pool(policy(0, Set.of(), 3)).pool().retries().replayLimit(get("/").by("PUT"), false))
                    .isZero();
            assertThat(TestPool.of("a").build().pool().retries().replayLimit(get("/").by("PUT"), false))
                    .isZero();
        }
    }
}
