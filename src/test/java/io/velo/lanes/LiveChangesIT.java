package io.velo.lanes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.velo.change.Reload;
import io.velo.change.Reload.Result;
import io.velo.change.Reloads;
import io.velo.pool.Pools;
import io.velo.route.Lane;
import io.velo.testing.ConfigFile;
import io.velo.testing.RawBackend;
import io.velo.testing.RawClient;
import io.velo.testing.RunningVelo;
import io.velo.testing.SteadyLoad;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.netty.DisposableServer;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;

/** No request, no stream and no session is lost to a change of the configuration. */
@ParameterizedClass
@EnumSource(Lane.class)
class LiveChangesIT {

    private static final int RELOADS = 300;
    private static final int CLIENTS = 6;

    @TempDir
    Path directory;

    private final Lane lane;
    private final List<RawBackend> backends = new ArrayList<>();
    private final Sinks.Many<String> events = Sinks.many().multicast().directBestEffort();
    private DisposableServer streams;
    private ConfigFile file;
    private RunningVelo velo;

    LiveChangesIT(Lane lane) {
        this.lane = lane;
    }

    @BeforeEach
    void start() throws IOException {
        IntStream.range(0, 6).forEach(i -> backends.add(RawBackend.saying("b" + i)));
        streams = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .route(routes -> routes.ws(
                                "/ws", (in, out) -> out.sendString(in.receive().asString()))
                        .get("/sse", (request, response) -> response.sse()
                                .sendString(Flux.just("hello").concatWith(events.asFlux()))))
                .bindNow();
        file = ConfigFile.in(directory, config(0));
        velo = RunningVelo.with(lane, file.property(), "lb.reload.watch=false");
    }

    @AfterEach
    void stop() throws IOException {
        velo.close();
        streams.disposeNow();
        for (RawBackend backend : backends) {
            backend.close();
        }
    }

    /** Each turn another set of backends, weights, strategy and pools; every tenth is wrong. */
    private String[] config(int turn) {
        List<String> named = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            RawBackend backend = backends.get((turn + i) % backends.size());
            named.add(
                    "{ id: b" + backend.port() + ", url: \"" + backend.url() + "\", weight: " + (1 + turn % 3) + " }");
        }
        String more =
                turn % 4 == 0 ? "lb.pools.more.backends: [ \"" + backends.get(0).url() + "\" ]" : "";
        return new String[] {
            "lb.health.enabled: false",
            "lb.strategy: " + (turn % 2 == 0 ? "roundrobin" : "leastconnection"),
            "lb.timeouts.response: " + (20 + turn % 5) + "s",
            "lb.backends: [ " + String.join(", ", named) + " ]",
            "lb.pools.streams.backends: [ \"http://127.0.0.1:" + streams.port() + "\" ]",
            more,
            turn % 10 == 9 ? "lb.backends.weight: none" : "",
            "spring.cloud.gateway.server.webflux.routes:",
            "  - { id: streams, uri: \"lb://streams\", predicates: [ \"Path=/ws,/sse\" ] }",
            turn % 3 == 0 ? "  - { id: other" + turn + ", uri: \"lb://default\", predicates: [ Path=/other ] }" : "",
            "  - { id: rest, uri: \"lb://default\", predicates: [ Path=/** ] }"
        };
    }

    @Test
    void loseNothingHoweverOftenTheyCome() throws Exception {
        Sinks.Many<String> said = Sinks.many().unicast().onBackpressureBuffer();
        Queue<String> echoes = new ConcurrentLinkedQueue<>();
        Disposable session = session(said.asFlux(), echoes);
        said.tryEmitNext("before");
        await().untilAsserted(() -> assertThat(echoes).containsExactly("before"));
        try (RawClient stream = RawClient.to(velo.port());
                SteadyLoad load = SteadyLoad.on(velo.port(), CLIENTS)) {
            awaitText(stream.send("GET /sse HTTP/1.1\r\nHost: velo.test\r\n\r\n"), "hello");

            for (int turn = 1; turn <= RELOADS; turn++) {
                file.write(config(turn));
                Reload reload = velo.context().getBean(Reloads.class).reload("test");
                assertThat(reload.result())
                        .as("turn %s: %s", turn, reload.problems())
                        .isEqualTo(turn % 10 == 9 ? Result.REFUSED : Result.APPLIED);
            }

            said.tryEmitNext("after");
            await().untilAsserted(() -> assertThat(echoes).containsExactly("before", "after"));
            events.tryEmitNext("still");
            awaitText(stream, "still");
            assertThat(load.failures()).isEmpty();
            assertThat(load.answers()).isGreaterThan(RELOADS);
        }
        session.dispose();
        velo.awaitIdle();
    }

    private Disposable session(Flux<String> said, Queue<String> echoes) {
        return HttpClient.create()
                .websocket()
                .uri("ws://127.0.0.1:" + velo.port() + "/ws")
                .handle((in, out) -> in.receive()
                        .asString()
                        .doOnNext(echoes::add)
                        .mergeWith(out.sendString(said).then().cast(String.class)))
                .subscribe();
    }

    private static void awaitText(RawClient client, String text) throws IOException {
        StringBuilder read = new StringBuilder();
        while (read.indexOf(text) < 0) {
            int next = client.readByte();
            assertThat(next).as("the stream after: %s", read).isNotNegative();
            read.append((char) next);
        }
    }

    @Test
    void exchangeAllBackendsOneByOne() throws Exception {
        List<RawBackend> now = new ArrayList<>(backends.subList(0, 3));
        roll(now);
        try (SteadyLoad load = SteadyLoad.on(velo.port(), CLIENTS)) {
            for (int i = 0; i < 3; i++) {
                now.set(i, backends.get(3 + i));
                roll(now);
                int served = now.get(i).requests();
                RawBackend fresh = now.get(i);
                await().untilAsserted(() -> assertThat(fresh.requests()).isGreaterThan(served + 20));
            }
            assertThat(load.failures()).isEmpty();
        }
        await().untilAsserted(
                        () -> assertThat(velo.pool(Pools.DEFAULT).leaving()).isEmpty());
        assertThat(velo.pool(Pools.DEFAULT).backends()).hasSize(3);
    }

    private void roll(List<RawBackend> to) throws IOException {
        file.write(
                "lb.health.enabled: false",
                "lb.reload.watch: false",
                ConfigFile.backends(to.toArray(RawBackend[]::new)));
        assertThat(velo.context().getBean(Reloads.class).reload("test").result())
                .isEqualTo(Result.APPLIED);
    }
}
