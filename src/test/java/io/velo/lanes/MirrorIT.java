package io.velo.lanes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.Counter;
import io.velo.route.Lane;
import io.velo.testing.RawBackend;
import io.velo.testing.RawClient;
import io.velo.testing.RunningVelo;
import io.velo.wire.Mirrors;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Requests of which another pool gets copies. */
@ParameterizedClass(name = "{0}")
@EnumSource(Lane.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MirrorIT {

    private static final String ROUTE = "spring.cloud.gateway.server.webflux.routes[%d].%s=%s";

    @Parameter
    private Lane lane;

    private final Queue<String> copies = new ConcurrentLinkedQueue<>();
    private RawBackend own;
    private RawBackend shadow;
    private RawBackend frozen;
    private RunningVelo velo;

    private void copied(RawBackend.Exchange exchange) throws IOException {
        String body = exchange.field("Transfer-Encoding").isEmpty()
                ? new String(exchange.body(), StandardCharsets.ISO_8859_1)
                : exchange.chunkedBody();
        copies.add(exchange.head() + body);
        exchange.send("HTTP/1.1 404 Not Found\r\nContent-Length: 6\r\n\r\nshadow");
    }

    @BeforeParameterizedClassInvocation
    void start(Lane of) throws IOException {
        lane = of;
        copies.clear(); // those of the other lane
        own = RawBackend.doing(exchange -> {
            if (exchange.field("Transfer-Encoding").isEmpty()) {
                exchange.body();
            } else {
                exchange.chunkedBody();
            }
            exchange.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        });
        shadow = RawBackend.doing(this::copied);
        frozen = RawBackend.doing(RawBackend.Exchange::awaitClose);
        int dead;
        try (ServerSocket socket = new ServerSocket(0)) {
            dead = socket.getLocalPort();
        }
        List<String> properties = new ArrayList<>(List.of(
                "lb.health.enabled=false",
                "lb.circuit.failure-threshold=1000",
                "lb.pools.shadow.backends=" + shadow.url(),
                "lb.pools.frozen.backends=" + frozen.url(),
                "lb.pools.frozen.timeouts.response=4s",
                "lb.pools.dead.backends=http://127.0.0.1:" + dead,
                "lb.pools.nobody.strategy=roundrobin"));
        List<String> pools = List.of("shadow", "frozen", "dead", "nobody");
        for (int i = 0; i < pools.size(); i++) {
            String prefix = "lb.pools.to-" + pools.get(i) + ".";
            properties.addAll(List.of(
                    prefix + "backends=" + own.url(),
                    prefix + "mirror.pool=" + pools.get(i),
                    prefix + "mirror.max-in-flight=3",
                    prefix + "mirror.body-limit=1000B",
                    ROUTE.formatted(i, "id", pools.get(i)),
                    ROUTE.formatted(i, "uri", "lb://to-" + pools.get(i)),
                    ROUTE.formatted(i, "predicates[0]", "Path=/" + pools.get(i) + "/**")));
        }
        properties.add(ROUTE.formatted(0, "filters[0]", "AddRequestHeader=X-Added,yes"));
        properties.add(ROUTE.formatted(4, "id", "kept"));
        properties.add(ROUTE.formatted(4, "uri", "lb://to-shadow"));
        properties.add(ROUTE.formatted(4, "predicates[0]", "Path=/kept"));
        properties.add(ROUTE.formatted(4, "filters[0]", "PreserveHostHeader"));
        velo = RunningVelo.with(lane, properties.toArray(String[]::new));
    }

    @AfterParameterizedClassInvocation
    void stop() throws IOException {
        velo.awaitIdle();
        velo.close();
        for (RawBackend backend : List.of(own, shadow, frozen)) {
            backend.close();
        }
    }

    private RawClient.Answer ask(String request) throws IOException {
        return RawClient.ask(velo.port(), request);
    }

    private String copyOf(String target) {
        await().until(() -> copies.stream().anyMatch(copy -> copy.contains(" " + target + " ")));
        return copies.stream()
                .filter(copy -> copy.contains(" " + target + " "))
                .findFirst()
                .orElseThrow();
    }

    private double count(String mirror, String result) {
        Counter counter = velo.registry()
                .find("lb.mirror.requests")
                .tags("pool", "to-" + mirror, "mirror", mirror, "result", result)
                .counter();
        return counter == null ? 0 : counter.count();
    }

    private int inFlight(String mirror) {
        return velo.context()
                .getBean(Mirrors.class)
                .of("to-" + mirror)
                .orElseThrow()
                .inFlight();
    }

    @Test
    void isSentAsTheBackendGotIt() throws IOException {
        RawClient.Answer answer =
                ask("GET /shadow/a%20b?c=d HTTP/1.1\r\nHost: velo.test\r\nX-Own: 1\r\nConnection: close\r\n\r\n");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("ok");
        assertThat(copyOf("/shadow/a%20b?c=d").toLowerCase(java.util.Locale.ROOT))
                .startsWith("get /shadow/a%20b?c=d http/1.1\r\n")
                .contains(
                        "host: 127.0.0.1:" + shadow.port() + "\r\n",
                        "velo-mirror: to-shadow\r\n",
                        "x-own: 1\r\n",
                        "x-added: yes\r\n",
                        "x-forwarded-for: 127.0.0.1\r\n",
                        "via: 1.1 velo\r\n")
                .doesNotContain("connection:");
        assertThat(own.heads()).allSatisfy(head -> assertThat(head).doesNotContainIgnoringCase("velo-mirror"));
    }

    @Test
    void hasTheBody() throws IOException {
        String body = "0123456789".repeat(100);

        assertThat(ask("POST /shadow/length HTTP/1.1\r\nHost: velo.test\r\nContent-Length: 1000\r\n\r\n" + body)
                        .body())
                .isEqualTo("ok");
        assertThat(ask("PUT /shadow/chunks HTTP/1.1\r\nHost: velo.test\r\nTransfer-Encoding: chunked\r\n\r\n"
                                + "5\r\nabcde\r\n3\r\nfgh\r\n0\r\n\r\n")
                        .body())
                .isEqualTo("ok");

        assertThat(copyOf("/shadow/length")).startsWith("POST ").endsWith("\r\n\r\n" + body);
        assertThat(copyOf("/shadow/chunks")).startsWith("PUT ").endsWith("8\r\nabcdefgh\r\n0\r\n\r\n");
    }

    @Test
    void keepsTheClientsHostWhereTheRouteDoes() throws IOException {
        ask("GET /kept HTTP/1.1\r\nHost: velo.test\r\n\r\n");

        assertThat(copyOf("/kept")).containsIgnoringCase("\r\nhost: velo.test\r\n");
    }

    @Test
    void isNotMadeOfALongBody() throws IOException {
        double before = count("shadow", "too_large");
        String body = "0123456789".repeat(101);

        assertThat(ask("POST /shadow/large HTTP/1.1\r\nHost: velo.test\r\nContent-Length: 1010\r\n\r\n" + body)
                        .body())
                .isEqualTo("ok");
        assertThat(ask("POST /shadow/endless HTTP/1.1\r\nHost: velo.test\r\nTransfer-Encoding: chunked\r\n\r\n"
                                + "3f2\r\n" + body + "\r\n0\r\n\r\n")
                        .body())
                .isEqualTo("ok");

        await().untilAsserted(
                        () -> assertThat(count("shadow", "too_large") - before).isEqualTo(2));
        assertThat(copies).noneMatch(copy -> copy.contains("/shadow/large") || copy.contains("/shadow/endless"));
    }

    @Test
    void isNotMadeOfARequestThatBreaksOff() throws IOException {
        double before = count("shadow", "broken_off");
        int served = own.requests();
        try (RawClient client = RawClient.to(velo.port())) {
            client.send("POST /shadow/half HTTP/1.1\r\nHost: velo.test\r\nContent-Length: 10\r\n\r\n12345");
            await().until(() -> own.requests() > served);
        }

        await().untilAsserted(
                        () -> assertThat(count("shadow", "broken_off") - before).isEqualTo(1));
        assertThat(copies).noneMatch(copy -> copy.contains("/shadow/half"));
        await().untilAsserted(() -> assertThat(inFlight("shadow")).isZero());
    }

    @Test
    void hasNoBearingOnTheRequestIfNobodyAnswers() throws IOException {
        try (RawClient client = RawClient.to(velo.port())) {
            for (int i = 0; i < 20; i++) {
                client.send("GET /frozen/" + i + " HTTP/1.1\r\nHost: velo.test\r\n\r\n");
                assertThat(client.read().body()).isEqualTo("ok");
            }
        }

        await().untilAsserted(() -> assertThat(frozen.requests()).isEqualTo(3));
        assertThat(inFlight("frozen")).isLessThanOrEqualTo(3);
        assertThat(count("frozen", "dropped")).isEqualTo(17);
        await().untilAsserted(() -> assertThat(count("frozen", "failed")).isEqualTo(3));
        assertThat(inFlight("frozen")).isZero();
        velo.awaitIdle();
    }

    @Test
    void hasNoBearingOnTheRequestIfNobodyIsThere() throws IOException {
        for (String mirror : List.of("dead", "nobody")) {
            assertThat(RawClient.get(velo.port(), "/" + mirror + "/x").body()).isEqualTo("ok");
        }

        await().untilAsserted(() -> assertThat(count("dead", "failed")).isEqualTo(1));
        await().untilAsserted(() -> assertThat(count("nobody", "unavailable")).isEqualTo(1));
        assertThat(inFlight("dead")).isZero();
        assertThat(inFlight("nobody")).isZero();
        velo.awaitIdle();
        assertThat(RawClient.get(velo.port(), "/actuator/pools/to-dead").body())
                .contains("\"mirror\":{\"pool\":\"dead\",\"percent\":100.0,\"inFlight\":0,\"maxInFlight\":3}");
    }
}
