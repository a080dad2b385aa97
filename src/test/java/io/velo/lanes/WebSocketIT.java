package io.velo.lanes;

import static org.assertj.core.api.Assertions.assertThat;

import io.velo.route.Lane;
import io.velo.testing.RunningVelo;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;
import reactor.netty.DisposableServer;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;

/** Connections that switch to WebSocket: what guards requests is out of their way from then on. */
@ParameterizedClass(name = "{0}")
@EnumSource(Lane.class)
class WebSocketIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Lane lane;
    private DisposableServer echo;
    private RunningVelo velo;

    WebSocketIT(Lane lane) {
        this.lane = lane;
    }

    @BeforeEach
    void start() {
        echo = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .route(routes -> routes.ws(
                        "/ws", (in, out) -> out.sendString(in.receive().asString())))
                .bindNow();
        velo = RunningVelo.with(
                lane,
                "lb.health.enabled=false",
                "lb.client.header-timeout=200ms",
                "lb.backends=http://127.0.0.1:" + echo.port());
    }

    @AfterEach
    void stop() {
        velo.close();
        echo.disposeNow();
    }

    private List<String> echoes(Flux<String> said, int count) {
        return HttpClient.create()
                .websocket()
                .uri("ws://127.0.0.1:" + velo.port() + "/ws")
                .handle((in, out) -> out.sendString(said)
                        .then()
                        .thenMany(in.receive().asString().take(count)))
                .collectList()
                .block(PATIENCE);
    }

    @Test
    void echoesFramesOfAllSizes() {
        List<String> said = List.of("", "x".repeat(125), "y".repeat(126), "z".repeat(60_000));

        assertThat(echoes(Flux.fromIterable(said), 4)).isEqualTo(said);
        velo.awaitIdle();
    }

    @Test
    void lastsLongerThanAHeadMay() {
        Flux<String> slowly =
                Flux.interval(Duration.ofMillis(50)).map(String::valueOf).take(12);

        assertThat(echoes(slowly, 12)).hasSize(12).endsWith("11");
        velo.awaitIdle();
    }
}
