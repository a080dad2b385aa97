package io.velo.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.velo.backend.BackendState;
import io.velo.testing.Backends;
import io.velo.testing.TestPool;
import io.velo.testing.TestRequest;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AffinityTest {

    private static final String SECRET = "a secret of some length";
    private static final AffinityRule RULE = rule(SECRET);

    private final TestPool test = TestPool.of("a", "b", "c")
            .affinity(RULE)
            .drainTimeout(Duration.ofSeconds(30))
            .build();

    private static AffinityRule rule(String secret) {
        return new AffinityRule(
                "velo", Duration.ZERO, "/", AffinityRule.Secure.AUTO, true, AffinityRule.SameSite.LAX, secret);
    }

    @Nested
    class ACookie {

        @Test
        void isGivenToAClientWithoutOne() {
            Lease lease = ask(test, "");

            assertThat(lease.binds()).isTrue();
            assertThat(lease.cookie(false)).matches("velo=[A-Za-z0-9_-]{22}; Path=/; HttpOnly; SameSite=Lax");
        }

        @Test
        void bringsItsClientBackAndIsNotGivenAgain() {
            String cookie = cookieFor(test, "b");

            for (int i = 0; i < 5; i++) {
                Lease lease = ask(test, cookie);
                assertThat(lease.backend().id()).isEqualTo("b");
                assertThat(lease.binds()).isFalse();
                lease.complete();
            }
        }

        @Test
        void tellsNothing() {
            String a = cookieFor(test, "a");
            String b = cookieFor(test, "b");

            assertThat(a).isNotEqualTo(b);
            assertThat(cookieFor(pool(rule("another secret, as long"), "a", "b", "c"), "a"))
                    .isNotEqualTo(a);
        }

        @Test
        void outlivesARestartAndAnotherOrder() {
            String cookie = cookieFor(test, "b");

            assertThat(ask(pool(RULE, "c", "b", "a"), cookie).backend().id()).isEqualTo("b");
        }

        @Test
        void outlivesAReload() {
            String cookie = cookieFor(test, "b");

            test.become(Backends.spec("d"), Backends.weighted("b", 7));

            assertThat(ask(test, cookie).backend().id()).isEqualTo("b");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "velo=",
                    "velo=b",
                    "velo=xxxxxxxxxxxxxxxxxxxxxx",
                    "velo=\"%s\"",
                    "velo=%sx",
                    "velo=x%s",
                    "Velo=%s",
                    "other=%s",
                    "velo"
                })
        void thatIsForgedOrGarbledIsIgnoredAndReplaced(String forged) {
            String value = cookieFor(test, "b").substring("velo=".length());

            List<Lease> leases = Stream.generate(() -> ask(test, forged.formatted(value)))
                    .limit(3)
                    .toList();

            assertThat(leases).extracting(lease -> lease.backend().id()).containsExactlyInAnyOrder("a", "b", "c");
            assertThat(leases).allMatch(Lease::binds);
        }

        @Test
        void isFoundAmongOthers() {
            String cookie = cookieFor(test, "c");

            assertThat(ask(test, "a=b; " + cookie + "; d=e").backend().id()).isEqualTo("c");
        }

        @Test
        void saysWhatIsConfigured() {
            AffinityRule rule = new AffinityRule(
                    "id",
                    Duration.ofHours(1),
                    "/shop",
                    AffinityRule.Secure.ALWAYS,
                    false,
                    AffinityRule.SameSite.NONE,
                    SECRET);

            assertThat(ask(pool(rule, "a"), "").cookie(false))
                    .matches("id=[A-Za-z0-9_-]{22}; Path=/shop; Max-Age=3600; Secure; SameSite=None");
        }

        @Test
        void isForTlsAloneIfItsClientCameByIt() {
            assertThat(ask(test, "").cookie(true)).contains("; Secure;");
        }
    }

    @Nested
    class AClientWhoseBackend {

        private final String cookie = cookieFor(test, "b");

        @Test
        void isDownMovesOnce() {
            test.miss("b", 1);

            Lease first = ask(test, cookie);
            assertThat(first.backend().id()).isNotEqualTo("b");
            assertThat(first.binds()).isTrue();
            String next = valueOf(first);

            test.pass("b", 2);
            for (int i = 0; i < 5; i++) {
                assertThat(ask(test, next).backend()).isSameAs(first.backend());
            }
        }

        @Test
        void isEjectedMoves() {
            test.fail("b", 3);

            assertThat(ask(test, cookie).backend().id()).isNotEqualTo("b");
        }

        @Test
        void isGoneMoves() {
            test.become(Backends.spec("a"), Backends.spec("c"));
            test.advance(Duration.ofSeconds(31));
            test.pool().tick();

            assertThat(ask(test, cookie).backend().id()).isNotEqualTo("b");
            assertThat(test.pool().leaving()).isEmpty();
        }

        @Test
        void wasTriedInVainMoves() {
            Lease lease = (Lease) test.pool().acquire(request(cookie), List.of(test.backend("b")));

            assertThat(lease.backend().id()).isNotEqualTo("b");
            assertThat(lease.binds()).isTrue();
        }

        @Test
        void isFullMoves() {
            TestPool small = TestPool.of(Backends.capped("a", 1), Backends.spec("b"))
                    .affinity(RULE)
                    .build();
            String toA = cookieFor(small, "a");
            ask(small, toA);

            assertThat(ask(small, toA).backend().id()).isEqualTo("b");
        }

        @Test
        void hasNoWeightStays() {
            test.become(Backends.spec("a"), Backends.weighted("b", 0));

            assertThat(ask(test, cookie).backend().id()).isEqualTo("b");
            assertThat(ask(test, "").backend().id()).as("no others").isEqualTo("a");
        }
    }

    @Nested
    class ADrainingBackend {

        private final String cookie = cookieFor(test, "b");

        @Test
        void keepsItsClientsUntilTheTimeIsOver() {
            test.pool().drain(test.backend("b"));
            test.advance(Duration.ofSeconds(29));
            test.pool().tick();

            assertThat(ask(test, "").backend().id()).isNotEqualTo("b");
            Lease last = ask(test, cookie);
            assertThat(last.backend().id()).isEqualTo("b");
            last.complete();
            assertThat(test.drains()).isEmpty();

            test.advance(Duration.ofSeconds(1));
            assertThat(ask(test, cookie).backend().id()).isNotEqualTo("b");
            test.pool().tick();
            assertThat(test.drains()).singleElement().satisfies(drained -> assertThat(drained.backend())
                    .isEqualTo("b"));
            assertThat(test.departures()).as("nothing was cut").isEmpty();
        }

        @Test
        void thatWasRemovedKeepsThemToo() {
            test.become(Backends.spec("a"), Backends.spec("c"));

            Lease lease = ask(test, cookie);

            assertThat(lease.backend().id()).isEqualTo("b");
            assertThat(lease.backend().state()).isEqualTo(BackendState.DRAINING);
            lease.complete();
            test.advance(Duration.ofSeconds(30));
            test.pool().tick();
            assertThat(test.departures()).containsExactly("b gone");
        }

        @Test
        void thatIsDownDoesNot() {
            test.pool().drain(test.backend("b"));
            test.miss("b", 3);

            assertThat(ask(test, cookie).backend().id()).isNotEqualTo("b");
        }

        @Test
        void whoseTimeIsOverIsCut() {
            Lease open = ask(test, cookie);
            test.pool().drain(test.backend("b"));
            test.advance(Duration.ofSeconds(30));
            test.pool().tick();
            assertThat(test.departures()).containsExactly("b overdue");

            open.complete();

            assertThat(test.drains()).hasSize(1);
            assertThat(test.backend("b").inFlight()).isZero();
        }

        @Test
        void isDoneAtOnceWithoutAffinity() {
            TestPool plain = TestPool.of("a", "b").build();
            plain.pool().drain(plain.backend("b"));

            assertThat(plain.drains()).hasSize(1);
        }
    }

    @Test
    void isOffUnlessAskedFor() {
        TestPool plain = TestPool.of("a", "b").build();

        assertThat(ask(plain, cookieFor(test, "a")).binds()).isFalse();
    }

    @Test
    void turnsOnAndOffWithTheConfiguration() {
        TestPool plain = TestPool.of("a", "b").build();
        PoolSpec off = plain.pool().spec();
        plain.become(with(off, RULE));
        assertThat(ask(plain, "").binds()).isTrue();

        plain.become(off);

        assertThat(ask(plain, "").binds()).isFalse();
    }

    private static PoolSpec with(PoolSpec spec, AffinityRule rule) {
        return new PoolSpec(
                spec.name(),
                spec.strategy(),
                spec.rules(),
                rule,
                spec.backends(),
                spec.probed(),
                spec.thresholds(),
                spec.maxEjected(),
                spec.panicThreshold(),
                spec.slowStart(),
                spec.drainTimeout(),
                spec.retry());
    }

    private static TestPool pool(AffinityRule rule, String... ids) {
        return TestPool.of(ids).affinity(rule).build();
    }

    private static TestRequest request(String cookie) {
        return cookie.isEmpty() ? TestRequest.get("/") : TestRequest.get("/").with("Cookie", cookie);
    }

    private static Lease ask(TestPool pool, String cookie) {
        return (Lease) pool.pool().acquire(request(cookie), List.of());
    }

    private static String cookieFor(TestPool pool, String id) {
        Lease lease = pool.lease(id);
        lease.complete();
        return valueOf(lease);
    }

    /** As a client sends it back. */
    private static String valueOf(Lease lease) {
        String cookie = lease.cookie(false);
        return cookie.substring(0, cookie.indexOf(';'));
    }
}
