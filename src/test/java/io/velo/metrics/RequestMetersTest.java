package io.velo.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.CountAtBucket;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.velo.backend.Backend;
import io.velo.backend.Outcome;
import io.velo.backend.Reason;
import io.velo.pool.Retry;
import io.velo.route.Lane;
import io.velo.route.RequestEnd;
import io.velo.testing.Backends;
import io.velo.testing.Threads;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class RequestMetersTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final RequestMeters meters = new RequestMeters(registry);

    @Nested
    class Requests {

        @Test
        void areTimedByRouteLaneAndOutcome() {
            meters.ended(end("shop", Lane.GATEWAY, Outcome.Kind.SUCCESS, Optional.empty(), 3_000_000));
            meters.ended(end("shop", Lane.GATEWAY, Outcome.Kind.SUCCESS, Optional.empty(), 5_000_000));
            meters.ended(end("shop", Lane.EXPRESS, Outcome.Kind.SUCCESS, Optional.empty(), 7_000_000));

            Timer timer = registry.get("lb.requests")
                    .tags("pool", "api", "route", "shop", "lane", "gateway", "outcome", "success", "reason", "none")
                    .timer();
            assertThat(timer.count()).isEqualTo(2);
            assertThat(timer.totalTime(TimeUnit.MILLISECONDS)).isEqualTo(8);
            assertThat(registry.find("lb.requests").timers()).hasSize(2);
        }

        @Test
        void areToldApartByTheReasonOfTheirFailure() {
            meters.ended(end("shop", Lane.GATEWAY, Outcome.Kind.FAILED, Optional.of(Reason.DNS_ERROR), 1));
            meters.ended(end("shop", Lane.GATEWAY, Outcome.Kind.FAILED, Optional.of(Reason.CIRCUIT_OPEN), 1));
            meters.ended(end("shop", Lane.GATEWAY, Outcome.Kind.ABORTED, Optional.of(Reason.CLIENT_ABORTED), 1));

            assertThat(registry.get("lb.requests").timers())
                    .extracting(timer -> timer.getId().getTag("outcome") + " "
                            + timer.getId().getTag("reason"))
                    .containsExactlyInAnyOrder("failed dns_error", "failed circuit_open", "aborted client_aborted");
        }

        @Test
        void fallIntoBucketsFromAMillisecondToHalfAMinute() {
            meters.ended(end("shop", Lane.GATEWAY, Outcome.Kind.SUCCESS, Optional.empty(), 3_000_000));

            CountAtBucket[] buckets =
                    registry.get("lb.requests").timer().takeSnapshot().histogramCounts();

            assertThat(Arrays.stream(buckets)
                            .map(each -> each.bucket(TimeUnit.MILLISECONDS) + ":" + (int) each.count()))
                    .hasSize(14)
                    .startsWith("1.0:0", "2.0:0", "5.0:1", "10.0:1")
                    .endsWith("30000.0:1");
        }

        @Test
        void ofManyThreadsAreAllCounted() {
            Threads.together(8, thread -> {
                for (int i = 0; i < 1000; i++) {
                    meters.ended(end("r" + i % 3, Lane.GATEWAY, Outcome.Kind.SUCCESS, Optional.empty(), 1));
                }
            });

            assertThat(registry.get("lb.requests").timers().stream()
                            .mapToLong(Timer::count)
                            .sum())
                    .isEqualTo(8000);
            assertThat(registry.get("lb.requests").timers()).hasSize(3);
        }

        private static RequestEnd end(String route, Lane lane, Outcome.Kind kind, Optional<Reason> reason, long nanos) {
            return new RequestEnd(route, "api", lane, kind, reason, nanos);
        }
    }

    @Nested
    class Attempts {

        private final Backend backend = Backends.backend("a");

        @Test
        void areTimedByBackendAndOutcome() {
            meters.ended(backend, new Outcome.Answered(200, 2_000_000, 1));
            meters.ended(backend, new Outcome.Answered(204, 2_000_000, 1));
            meters.ended(backend, new Outcome.Answered(503, 9_000_000, 1));
            meters.ended(backend, new Outcome.Failed(Reason.CONNECTION_REFUSED, 1));
            meters.ended(backend, new Outcome.Aborted(Reason.CLIENT_ABORTED, 1));
            meters.ended(Backends.backend("b"), new Outcome.Answered(200, 1, 1));

            assertThat(registry.get("lb.backend.requests").timers())
                    .extracting(timer -> timer.getId().getTag("pool") + " "
                            + timer.getId().getTag("backend") + " "
                            + timer.getId().getTag("outcome") + " " + timer.count())
                    .containsExactlyInAnyOrder(
                            "test a success 2",
                            "test a server_error 1",
                            "test a failed 1",
                            "test a aborted 1",
                            "test b success 1");
        }
    }

    @Test
    void retriesAreCountedByPool() {
        meters.retried("api", Retry.Result.SENT);
        meters.retried("api", Retry.Result.SENT);
        meters.retried("web", Retry.Result.SENT);

        assertThat(registry.get("lb.retries")
                        .tags("pool", "api", "result", "sent")
                        .counter()
                        .count())
                .isEqualTo(2);
        assertThat(registry.get("lb.retries")
                        .tags("pool", "web", "result", "sent")
                        .counter()
                        .count())
                .isEqualTo(1);
    }
}
