package io.velo.lanes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.Gauge;
import io.velo.backend.BackendState;
import io.velo.route.Lane;
import io.velo.testing.RawBackend;
import io.velo.testing.RawClient;
import io.velo.testing.RunningVelo;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.cloud.gateway.event.RefreshRoutesEvent;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.server.HttpServer;

/** Where Spring's own parts stop, and Velo goes on. Each test says what it prevents. */
@ParameterizedClass(name = "{0}")
@EnumSource(Lane.class)
class SpringGapsIT {

    private static final String GET = "GET / HTTP/1.1\r\nHost: velo.test\r\n";
    private final Lane lane;

    SpringGapsIT(Lane lane) {
        this.lane = lane;
    }

    @Test
    void g1TrustsProxiesByNetworkAndReadsTheirListFromTheRight() throws IOException {
        try (RawBackend backend = RawBackend.saying("ok");
                RunningVelo velo =
                        RunningVelo.unprobed(lane, List.of(backend), "lb.forwarded.trusted=127.0.0.0/8,10.0.0.0/8")) {
            RawClient.ask(
                    velo.port(),
                    GET + "X-Forwarded-For: 6.6.6.6, 203.0.113.7\r\nX-Forwarded-For: 10.1.2.3\r\n"
                            + "X-Forwarded-Proto: https\r\nX-Forwarded-Host: shop.test\r\n\r\n");

            assertThat(backend.heads().get(0))
                    .contains("X-Forwarded-For: 6.6.6.6, 203.0.113.7, 10.1.2.3, 127.0.0.1\r\n")
                    .contains("X-Forwarded-Proto: https\r\n", "X-Forwarded-Host: shop.test\r\n");
        }
    }

    @Test
    void g2BelievesNoClientOnACloudPlatform() throws IOException {
        try (RawBackend backend = RawBackend.saying("ok");
                RunningVelo velo =
                        RunningVelo.unprobed(lane, List.of(backend), "spring.main.cloud-platform=kubernetes")) {
            RawClient.ask(velo.port(), GET + "X-Forwarded-For: 6.6.6.6\r\nX-Forwarded-Host: evil\r\n\r\n");

            assertThat(backend.heads().get(0)).doesNotContain("6.6.6.6", "evil");
        }
    }

    @Test
    void g3HoldsTheLeaseUntilTheBodyHasEnded() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        try (RawBackend backend = RawBackend.doing(exchange -> {
                    exchange.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nha");
                    pass(goOn);
                    exchange.send("lf");
                });
                RunningVelo velo = RunningVelo.unprobed(lane, List.of(backend));
                RawClient client = RawClient.to(velo.port()).send(GET + "\r\n")) {
            client.in().readNBytes(10);
            assertThat(velo.inFlight()).isEqualTo(1);
            goOn.countDown();
            velo.awaitIdle();
        }
    }

    private static void pass(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void g6CountsNoContentAsHealthyAndAnEmptyListAsUnavailable() throws IOException {
        boolean[] healthy = {true};
        try (RawBackend backend = RawBackend.doing(exchange -> exchange.send(
                        "HTTP/1.1 " + (healthy[0] ? "204 No Content" : "500 X\r\nContent-Length: 0") + "\r\n\r\n"));
                RunningVelo velo = RunningVelo.with(
                        lane,
                        "lb.backends=" + backend.url(),
                        "lb.health.interval=50ms",
                        "lb.health.timeout=50ms",
                        "lb.health.fast-interval=50ms")) {
            await().until(() -> velo.backend(backend).lastProbe().isPresent());
            assertThat(velo.backend(backend).state()).isEqualTo(BackendState.UP);

            healthy[0] = false;
            velo.awaitState(backend, BackendState.DOWN);
            assertThat(RawClient.get(velo.port(), "/").status()).isEqualTo(503);
        }
    }

    @Test
    void g7ServesBeforeTheFirstProbeHasAnswered() throws IOException {
        try (RawBackend backend = RawBackend.doing(exchange -> {
                    if (exchange.target().equals("/health")) {
                        exchange.awaitClose();
                    } else {
                        exchange.answer(200, "served");
                    }
                });
                RunningVelo velo = RunningVelo.with(
                        lane, "lb.backends=" + backend.url(), "lb.health.interval=60s", "lb.health.timeout=30s")) {
            assertThat(RawClient.get(velo.port(), "/").body()).isEqualTo("served");
            assertThat(RawClient.get(velo.port(), "/readyz").status())
                    .as("but isn't ready")
                    .isEqualTo(503);
        }
    }

    @Test
    void g9BoundsConnectionsAndTheQueueForThem() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        try (RawBackend backend = RawBackend.doing(exchange -> {
                    pass(goOn);
                    exchange.answer(200, "ok");
                });
                RunningVelo velo = RunningVelo.unprobed(
                        lane,
                        List.of(backend),
                        "lb.connections.max-per-backend=2",
                        "lb.connections.queue=3",
                        "lb.connections.queue-timeout=10s")) {
            List<CompletableFuture<Integer>> answers = java.util.stream.Stream.generate(() -> asking(velo.port()))
                    .limit(8)
                    .toList();
            await().until(() ->
                    answers.stream().filter(CompletableFuture::isDone).count() == 3);
            assertThat(backend.connections()).isEqualTo(2);
            assertThat(velo.registry().find("lb.queue.depth").gauges().stream().mapToDouble(Gauge::value))
                    .as("for a backend with room none, for a connection all")
                    .containsExactlyInAnyOrder(0.0, 3.0);
            goOn.countDown();

            assertThat(answers.stream().map(CompletableFuture::join))
                    .as("two at work, three in the queue, the others refused at once")
                    .containsExactlyInAnyOrder(200, 200, 200, 200, 200, 503, 503, 503);
            velo.awaitIdle();
        }
    }

    private static CompletableFuture<Integer> asking(int port) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return RawClient.get(port, "/").status();
                    } catch (IOException e) {
                        throw new IllegalStateException(e);
                    }
                },
                task -> new Thread(task).start());
    }

    @Test
    void g10SpeaksHttp2InClearTextToABackendThatAsksForIt() throws IOException {
        DisposableServer server = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .protocol(HttpProtocol.H2C)
                .handle((request, response) ->
                        response.sendString(Mono.just(request.version().text())))
                .bindNow();
        try (RunningVelo velo =
                RunningVelo.with(lane, "lb.health.enabled=false", "lb.backends=h2c://127.0.0.1:" + server.port())) {
            assertThat(RawClient.get(velo.port(), "/").body()).isEqualTo("HTTP/2.0");
            velo.awaitIdle();
        } finally {
            server.disposeNow();
        }
    }

    @Test
    void g13PutsNoTimeLimitOfASecondOnARequest() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        try (RawBackend backend = RawBackend.doing(exchange -> {
                    try {
                        assertThat(never.await(1500, TimeUnit.MILLISECONDS)).isFalse();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    exchange.answer(200, "late");
                });
                RunningVelo velo = RunningVelo.unprobed(lane, List.of(backend))) {
            assertThat(RawClient.get(velo.port(), "/").body()).isEqualTo("late");
        }
    }

    @Test
    void g15LetsNobodyWriteRoutesThroughTheActuator() throws IOException {
        try (RawBackend backend = RawBackend.saying("backend");
                RunningVelo velo = RunningVelo.unprobed(lane, List.of(backend))) {
            String body = "{\"id\":\"x\",\"uri\":\"http://127.0.0.1:1\"}";
            String request =
                    " /actuator/gateway/routes/x HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: ";
            assertThat(RawClient.ask(velo.port(), "POST" + request + body.length() + "\r\n\r\n" + body)
                            .body())
                    .as("no such endpoint: it goes to the backend as any other path")
                    .isEqualTo("backend");
        }
    }

    @Test
    void g16TakesAStateIntoAccountAtOnce() throws IOException {
        try (RawBackend one = RawBackend.saying("one");
                RawBackend two = RawBackend.saying("two");
                RunningVelo velo = RunningVelo.unprobed(lane, List.of(one, two))) {
            velo.pool("default").drain(velo.backend(one));

            for (int i = 0; i < 4; i++) {
                assertThat(RawClient.get(velo.port(), "/").body()).isEqualTo("two");
            }
        }
    }

    @Test
    void g17ServesThroughABurstOfRouteRefreshes() throws IOException {
        try (RawBackend backend = RawBackend.saying("ok");
                RunningVelo velo = RunningVelo.unprobed(lane, List.of(backend))) {
            CompletableFuture<Void> refreshing = CompletableFuture.runAsync(() -> {
                for (int i = 0; i < 200; i++) {
                    velo.context().publishEvent(new RefreshRoutesEvent(this));
                }
            });
            do {
                assertThat(RawClient.get(velo.port(), "/").status()).isEqualTo(200);
            } while (!refreshing.isDone());
            refreshing.join();
        }
    }

    @Test
    void g19ClosesOnAHeadThatDripsInForEver() throws Exception {
        try (RawBackend backend = RawBackend.saying("ok");
                RunningVelo velo = RunningVelo.unprobed(
                        lane, List.of(backend), "lb.client.header-timeout=300ms", "lb.client.idle-timeout=600ms");
                RawClient dripping = RawClient.to(velo.port()).send("GET / HTTP/1.1\r\n")) {
            CompletableFuture<Void> drip = CompletableFuture.runAsync(() -> drip(dripping));

            assertThat(dripping.read().status()).isEqualTo(408);
            assertThat(dripping.readByte()).isEqualTo(-1);
            drip.join();
        }
    }

    private static void drip(RawClient client) {
        try {
            for (int i = 0; i < 1000; i++) {
                client.send("X");
                java.util.concurrent.locks.LockSupport.parkNanos(10_000_000);
            }
        } catch (IOException e) {
            // closed, as it should be
        }
    }

    @Test
    void g19ClosesIdleConnections() throws IOException {
        try (RawBackend backend = RawBackend.saying("ok");
                RunningVelo velo = RunningVelo.unprobed(lane, List.of(backend), "lb.client.idle-timeout=300ms");
                RawClient client = RawClient.to(velo.port()).send(GET + "\r\n")) {
            assertThat(client.read().status()).isEqualTo(200);
            assertThat(client.readByte()).isEqualTo(-1);
        }
    }

    @Test
    void g20FinishesWhatIsInFlightWhenItIsStopped() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        try (RawBackend backend = RawBackend.doing(exchange -> {
            pass(goOn);
            exchange.answer(200, "finished");
        })) {
            RunningVelo velo = RunningVelo.unprobed(lane, List.of(backend));
            try (RawClient client = RawClient.to(velo.port()).send(GET + "\r\n")) {
                await().until(() -> backend.requests() == 1);
                CompletableFuture<Void> stopping = CompletableFuture.runAsync(velo::close);
                assertThat(stopping).as("it waits").isNotDone();
                goOn.countDown();

                assertThat(client.read().body()).isEqualTo("finished");
                stopping.get(30, TimeUnit.SECONDS);
            }
        }
    }

    @Test
    void g23CountsEachFailureUnderItsReason() throws IOException {
        try (RawBackend backend = RawBackend.resetting();
                RunningVelo velo = RunningVelo.unprobed(lane, List.of(backend))) {
            RawClient.get(velo.port(), "/");

            velo.awaitRequests("failed", "connection_terminated", 1);
            assertThat(velo.registry()
                            .find("lb.requests")
                            .tag("pool", "default")
                            .tag("route", "default")
                            .tag("lane", lane.word())
                            .timer())
                    .isNotNull();
        }
    }
}
