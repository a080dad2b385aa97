package io.velo.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.velo.backend.BackendState;
import io.velo.strategy.Candidate;
import io.velo.strategy.Picker;
import io.velo.strategy.StrategyFactory;
import io.velo.testing.RawBackend;
import io.velo.testing.RawClient;
import io.velo.testing.RunningVelo;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Bean;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;

/** The gateway's own filters and a user's own beans beside Velo's. */
class GatewayFiltersIT {

    private static final String ROUTE = "spring.cloud.gateway.server.webflux.routes[0].";

    private static final String[] WITH_FALLBACK = {
        ROUTE + "id=shop",
        ROUTE + "uri=lb://default",
        ROUTE + "predicates[0]=Path=/shop/**",
        ROUTE + "filters[0].name=CircuitBreaker",
        ROUTE + "filters[0].args.name=shop",
        ROUTE + "filters[0].args.fallbackUri=forward:/sorry",
        ROUTE + "filters[0].args.statusCodes=500",
    };

    static class Sorry {
        @Bean
        RouterFunction<ServerResponse> sorry() {
            return RouterFunctions.route()
                    .GET("/sorry", request -> ServerResponse.ok()
                            .contentType(MediaType.TEXT_PLAIN)
                            .bodyValue("back in a minute"))
                    .build();
        }
    }

    @Test
    void fallsBackWhenTheBackendFails() throws IOException {
        try (RawBackend backend = RawBackend.resetting();
                RunningVelo velo = RunningVelo.of(
                        List.of(Sorry.class),
                        with(WITH_FALLBACK, "lb.health.enabled=false", "lb.backends=" + backend.url()))) {
            assertThat(RawClient.get(velo.port(), "/shop/1").body()).isEqualTo("back in a minute");

            velo.awaitIdle();
            velo.awaitRequests("success", "none", 1);
            assertThat(velo.registry()
                            .find("lb.backend.requests")
                            .tag("outcome", "failed")
                            .timer()
                            .count())
                    .isEqualTo(1);
        }
    }

    @Test
    void fallsBackOnAStatusAndLeavesNothingBehind() throws IOException {
        try (RawBackend backend = RawBackend.doing(exchange -> exchange.answer(500, "x".repeat(100)));
                RunningVelo velo = RunningVelo.of(
                        List.of(Sorry.class),
                        with(WITH_FALLBACK, "lb.health.enabled=false", "lb.backends=" + backend.url()))) {
            for (int i = 0; i < 5; i++) {
                assertThat(RawClient.get(velo.port(), "/shop/1").body()).isEqualTo("back in a minute");
            }

            velo.awaitIdle();
            assertThat(velo.backend(backend).state())
                    .as("500 doesn't count for the backend's own breaker")
                    .isEqualTo(BackendState.UP);
            velo.awaitRequests("success", "none", 5);
        }
    }

    @Test
    void fallsBackWhenTheFiltersTimeLimitIsOver() throws IOException {
        try (RawBackend backend = RawBackend.doing(RawBackend.Exchange::awaitClose);
                RunningVelo velo = RunningVelo.of(
                        List.of(Sorry.class),
                        with(WITH_FALLBACK, "lb.health.enabled=false", "lb.backends=" + backend.url()))) {
            assertThat(RawClient.get(velo.port(), "/shop/1").body()).isEqualTo("back in a minute");

            velo.awaitIdle();
            velo.awaitRequests("success", "none", 1);
        }
    }

    private static String[] with(String[] some, String... more) {
        return java.util.stream.Stream.concat(java.util.Arrays.stream(some), java.util.Arrays.stream(more))
                .toArray(String[]::new);
    }

    static class First {
        @Bean
        StrategyFactory first() {
            return StrategyFactory.of("first", randomBelow -> First::pickerFor);
        }

        private static Picker pickerFor(List<Candidate> candidates) {
            return (request, taker) ->
                    candidates.stream().map(Candidate::backend).anyMatch(taker);
        }
    }

    @Test
    void choosesByAStrategyOfTheUsersOwn() throws IOException {
        try (RawBackend one = RawBackend.saying("one");
                RawBackend two = RawBackend.saying("two");
                RunningVelo velo = RunningVelo.of(
                        List.of(First.class),
                        "lb.health.enabled=false",
                        "lb.strategy=first",
                        "lb.backends=" + one.url() + "," + two.url())) {
            for (int i = 0; i < 3; i++) {
                assertThat(RawClient.get(velo.port(), "/").body()).isEqualTo("one");
            }
            velo.pool("default").drain(velo.backend(one));
            assertThat(RawClient.get(velo.port(), "/").body()).isEqualTo("two");
        }
    }

    @Test
    void servesSeveralPoolsByTheGatewaysRoutes() throws IOException {
        try (RawBackend web = RawBackend.saying("web");
                RawBackend api = RawBackend.saying("api");
                RunningVelo velo = RunningVelo.with(
                        "lb.health.enabled=false",
                        "lb.backends=" + web.url(),
                        "lb.pools.api.backends=" + api.url(),
                        ROUTE + "id=api",
                        ROUTE + "uri=lb://api",
                        ROUTE + "predicates[0]=Path=/api/**",
                        ROUTE.replace("[0]", "[1]") + "id=web",
                        ROUTE.replace("[0]", "[1]") + "uri=lb://default",
                        ROUTE.replace("[0]", "[1]") + "predicates[0]=Path=/**")) {
            assertThat(RawClient.get(velo.port(), "/api/x").body()).isEqualTo("api");
            assertThat(RawClient.get(velo.port(), "/x").body()).isEqualTo("web");
            assertThat(velo.registry()
                            .find("lb.requests")
                            .tag("pool", "api")
                            .tag("route", "api")
                            .timer()
                            .count())
                    .isEqualTo(1);
        }
    }

    @Test
    void givesTheFilterTheTimeThatThePropertySays() throws IOException {
        try (RawBackend backend = RawBackend.doing(exchange -> {
                    java.util.concurrent.locks.LockSupport.parkNanos(1_300_000_000L);
                    exchange.answer(200, "late");
                });
                RunningVelo velo = RunningVelo.of(
                        List.of(Sorry.class),
                        with(
                                WITH_FALLBACK,
                                "resilience4j.timelimiter.instances.shop.timeout-duration=5s",
                                "lb.health.enabled=false",
                                "lb.backends=" + backend.url()))) {
            assertThat(RawClient.get(velo.port(), "/shop/1").body()).isEqualTo("late");
        }
    }

    @Test
    void tellsWhatWentWrongOnARouteThatLeadsToNoPool() throws IOException {
        int closed;
        try (java.net.ServerSocket socket = new java.net.ServerSocket(0)) {
            closed = socket.getLocalPort();
        }
        try (RawBackend backend = RawBackend.saying("direct");
                RunningVelo velo = RunningVelo.with(
                        ROUTE + "id=closed",
                        ROUTE + "uri=http://127.0.0.1:" + closed,
                        ROUTE + "predicates[0]=Path=/closed",
                        ROUTE.replace("[0]", "[1]") + "id=open",
                        ROUTE.replace("[0]", "[1]") + "uri=" + backend.url(),
                        ROUTE.replace("[0]", "[1]") + "predicates[0]=Path=/**");
                RawClient client =
                        RawClient.to(velo.port())) { // stays, or it would leave before the answer's end is seen
            client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(client.read().body()).isEqualTo("direct");
            assertThat(RawClient.get(velo.port(), "/closed").field("Proxy-Status"))
                    .isEqualTo("velo; error=connection_refused");

            velo.awaitRequests("failed", "connection_refused", 1);
            velo.awaitRequests("success", "none", 1);
        }
    }

    @Test
    void holdsItsLeaseForAWholeWebSocketSession() {
        DisposableServer echo = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .route(routes -> routes.ws(
                        "/ws", (in, out) -> out.sendString(in.receive().asString())))
                .bindNow();
        try (RunningVelo velo =
                RunningVelo.with("lb.health.enabled=false", "lb.backends=http://127.0.0.1:" + echo.port())) {
            String answer = HttpClient.create()
                    .websocket()
                    .uri("ws://127.0.0.1:" + velo.port() + "/ws")
                    .handle((in, out) -> out.sendString(Mono.just("hello"))
                            .then()
                            .thenMany(in.receive().asString().take(1))
                            .doOnNext(text -> assertThat(velo.inFlight()).isEqualTo(1)))
                    .blockLast(Duration.ofSeconds(30));

            assertThat(answer).isEqualTo("hello");
            velo.awaitIdle();
        } finally {
            echo.disposeNow();
        }
    }
}
