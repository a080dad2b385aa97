package io.velo.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.velo.testing.Backends;
import io.velo.testing.Threads;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class BackendTest {

    private static final Instant LATER = Instant.parse("2026-01-01T00:01:00Z");

    @Nested
    class Entering {

        @Test
        void isRefusedWhenFull() {
            Backend backend = Backends.backend(Backends.capped("a", 2));
            Backends.occupy(backend, 2);

            assertThat(backend.tryEnter()).isFalse();
            assertThat(backend.inFlight()).isEqualTo(2);
        }

        @Test
        void isGrantedAgainOnceOneHasLeft() {
            Backend backend = Backends.backend(Backends.capped("a", 1));
            Backends.occupy(backend, 1);

            backend.leave();

            assertThat(backend.tryEnter()).isTrue();
        }

        @Test
        void knowsNoLimitWhenNoneIsSet() {
            Backend backend = Backends.backend(Backends.capped("a", 0));
            Backends.occupy(backend, 10_000);

            assertThat(backend.inFlight()).isEqualTo(10_000);
        }

        @Test
        void letsInExactlyAsManyAsTheLimitFromManyThreads() {
            Backend backend = Backends.backend(Backends.capped("a", 1000));
            AtomicInteger entered = new AtomicInteger();

            Threads.together(8, thread -> {
                for (int i = 0; i < 1000; i++) {
                    if (backend.tryEnter()) {
                        entered.incrementAndGet();
                    }
                }
            });

            assertThat(entered).hasValue(1000);
            assertThat(backend.inFlight()).isEqualTo(1000);
        }

        /** So many tries that the threads do meet between looking and entering. */
        @Test
        void neverExceedsTheLimitWhileThreadsComeAndGo() {
            Backend backend = Backends.backend(Backends.capped("a", 1));
            AtomicInteger most = new AtomicInteger();

            Threads.together(4, thread -> {
                for (int i = 0; i < 100_000; i++) {
                    if (backend.tryEnter()) {
                        most.accumulateAndGet(backend.inFlight(), Math::max);
                        backend.leave();
                    }
                }
            });

            assertThat(most).hasValue(1);
            assertThat(backend.inFlight()).isZero();
        }
    }

    @Nested
    class Becoming {

        private final Backend backend = Backends.backend("a");
        private final Condition up = backend.standing().condition();

        @Test
        void anotherStateIsATransitionWithItsCause() {
            Optional<Transition> transition = backend.become(up.withDraining(true), "because", LATER, 7);

            assertThat(transition)
                    .contains(new Transition("test", "a", BackendState.UP, BackendState.DRAINING, "because", LATER));
            assertThat(backend.standing()).isEqualTo(new Standing(up.withDraining(true), "because", LATER, 7));
        }

        @Test
        void anotherConditionOfTheSameStateKeepsCauseAndTime() {
            Standing before = backend.standing();
            Condition missedOnce = up.withHealth(new Health(true, true, 1));

            Optional<Transition> transition = backend.become(missedOnce, "probe missed", LATER, 7);

            assertThat(transition).isEmpty();
            assertThat(backend.standing())
                    .isEqualTo(new Standing(missedOnce, before.cause(), before.since(), before.sinceNanos()));
        }

        @Test
        void remembersTheLatestProbeAndEjection() {
            Breaker.Ejection ejection = new Breaker.Ejection(1, Duration.ofSeconds(10), "3 failures in a row");

            backend.remember(Backends.missed());
            backend.remember(Optional.of(ejection));

            assertThat(backend.lastProbe()).contains(Backends.missed());
            assertThat(backend.lastEjection()).contains(ejection);
        }
    }

    @Nested
    class Specifications {

        private final URI uri = URI.create("https://a");

        @Test
        void refuseWhatCannotBeAndSayWhy() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new BackendSpec("a", uri, 257, 0, ""))
                    .withMessage("weight of backend a is 257 but must be 0 to 256");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new BackendSpec("a", uri, -1, 0, ""))
                    .withMessageContaining("-1");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new BackendSpec("a", uri, 1, -2, ""))
                    .withMessage("max-in-flight of backend a is -2 but must not be negative");
            assertThatIllegalArgumentException().isThrownBy(() -> new BackendSpec(" ", uri, 1, 0, ""));
        }

        @Test
        void takeTheWholeRangeOfWeights() {
            assertThat(new BackendSpec("a", uri, 0, 0, "").weight()).isZero();
            assertThat(new BackendSpec("a", uri, 256, 0, "").weight()).isEqualTo(256);
        }

        @Test
        void onlyHttpsIsSecure() {
            assertThat(BackendSpec.of("a", uri).secure()).isTrue();
            assertThat(BackendSpec.of("a", URI.create("http://a")).secure()).isFalse();
            assertThat(BackendSpec.of("a", URI.create("h2c://a")).secure()).isFalse();
        }
    }
}
