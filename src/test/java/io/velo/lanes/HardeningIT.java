package io.velo.lanes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.velo.limit.Overload;
import io.velo.route.Lane;
import io.velo.testing.RawBackend;
import io.velo.testing.RawClient;
import io.velo.testing.RawClient.Answer;
import io.velo.testing.RunningVelo;
import io.velo.wire.ClientConnections;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients may not do, as far as it is a matter of the configuration. */
@ParameterizedClass(name = "{0}")
@EnumSource(Lane.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HardeningIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int CONNECTIONS = 20;
    private static final int OF_ONE = 12;

    /** SHA-256 of the keys that the tests use. */
    private static final String HASH_OF_ANNS = "dd6af2f12a420ecaf008f7bf88c0ccbde8629c76df931f1def0ae7aa0fbc4e95";

    private static final String HASH_OF_BOBS = "ef34ab89ba12dca27c7c16aa4fbb9dbbc1592b96080ddbeae8632e19eb23d684";

    @Parameter
    private Lane lane;

    private RawBackend backend;
    private RunningVelo velo;

    @BeforeParameterizedClassInvocation
    void start(Lane of) {
        lane = of;
        backend = RawBackend.doing(exchange -> {
            if (exchange.field("Transfer-Encoding").isEmpty()) {
                exchange.body();
            } else {
                exchange.chunkedBody();
            }
            if (exchange.target().equals("/endless")) {
                exchange.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n");
                for (int i = 0; i < 1000; i++) {
                    exchange.send("x".repeat(1_000_000));
                }
                return;
            }
            exchange.send("HTTP/1.1 200 OK\r\nContent-Length: "
                    + exchange.target().length() + "\r\n\r\n" + exchange.target());
        });
        velo = RunningVelo.unprobed(
                lane,
                List.of(backend),
                "lb.client.max-body=1KB",
                "lb.client.max-fields=20",
                "lb.client.max-connections=" + CONNECTIONS,
                "lb.client.max-connections-per-address=" + OF_ONE,
                "lb.client.paths=normalize",
                "lb.client.underscores=drop",
                "lb.client.security-headers=true",
                "lb.client.write-timeout=1s",
                "lb.overload.max-lag=1h",
                "lb.route-terms[0].id=large",
                "lb.route-terms[0].max-body=1MB",
                "spring.cloud.gateway.server.webflux.routes[0].id=large",
                "spring.cloud.gateway.server.webflux.routes[0].uri=lb://default",
                "spring.cloud.gateway.server.webflux.routes[0].predicates[0]=Path=/large/**",
                "spring.cloud.gateway.server.webflux.routes[1].id=limited",
                "spring.cloud.gateway.server.webflux.routes[1].uri=lb://default",
                "spring.cloud.gateway.server.webflux.routes[1].predicates[0]=Path=/limited/**",
                "spring.cloud.gateway.server.webflux.routes[2].id=rest",
                "spring.cloud.gateway.server.webflux.routes[2].uri=lb://default",
                "spring.cloud.gateway.server.webflux.routes[2].predicates[0]=Path=/**",
                "lb.auth.rules[0].routes=limited",
                "lb.auth.rules[0].any-of=api-key",
                "lb.auth.api-keys.keys[0].id=ann",
                "lb.auth.api-keys.keys[0].hash=" + HASH_OF_ANNS,
                "lb.auth.api-keys.keys[1].id=bob",
                "lb.auth.api-keys.keys[1].hash=" + HASH_OF_BOBS,
                "lb.rate-limit.rules[0].name=own",
                "lb.rate-limit.rules[0].routes=limited",
                "lb.rate-limit.rules[0].key=principal",
                "lb.rate-limit.rules[0].requests=1",
                "lb.rate-limit.rules[0].period=1h");
    }

    @AfterEach
    void settle() {
        velo.awaitIdle();
        await().atMost(PATIENCE)
                .until(() -> velo.context().getBean(Overload.class).pressure() == 0);
        await().atMost(PATIENCE).until(() -> connections().open() == 0);
    }

    @AfterParameterizedClassInvocation
    void stop() throws IOException {
        velo.close();
        backend.close();
    }

    private ClientConnections connections() {
        return velo.context().getBean(ClientConnections.class);
    }

    private Answer ask(String request) throws IOException {
        return RawClient.ask(velo.port(), request);
    }

    private static String post(String target, int length) {
        return "POST " + target + " HTTP/1.1\r\nHost: velo.test\r\nContent-Length: " + length + "\r\n\r\n"
                + "x".repeat(length);
    }

    private static String chunked(String target, int chunks) {
        return "POST " + target + " HTTP/1.1\r\nHost: velo.test\r\nTransfer-Encoding: chunked\r\n\r\n"
                + ("100\r\n" + "x".repeat(256) + "\r\n").repeat(chunks) + "0\r\n\r\n";
    }

    @Test
    void aBodyThatSaysToBeTooLarge() throws IOException {
        int before = backend.requests();
        Answer answer = ask(post("/a", 1025));

        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.field("Proxy-Status"))
                .isEqualTo("velo; error=http_request_error; details=\"request_too_large\"");
        assertThat(backend.requests()).isEqualTo(before);
        awaitTooLarge(1);
        assertThat(ask(post("/a", 1024)).status()).isEqualTo(200);
        assertThat(ask(post("/large/a", 1025)).status()).isEqualTo(200);
    }

    @Test
    void aBodyThatTurnsOutToBeTooLarge() throws IOException {
        long before = velo.requests("failed", "request_too_large");

        assertThat(ask(chunked("/a", 5)).status()).isEqualTo(413);
        awaitTooLarge(before + 1);
        assertThat(ask(chunked("/a", 3)).status()).isEqualTo(200);
    }

    private void awaitTooLarge(long atLeast) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(velo.requests("failed", "request_too_large"))
                .isGreaterThanOrEqualTo(atLeast));
    }

    @Test
    void moreFieldsThanMayBe() throws IOException {
        String fields = "X-A: b\r\n".repeat(19);

        assertThat(ask("GET / HTTP/1.1\r\nHost: velo.test\r\n" + fields + "\r\n")
                        .status())
                .isEqualTo(200);
        assertThat(ask("GET / HTTP/1.1\r\nHost: velo.test\r\n" + fields + "X-B: c\r\n\r\n")
                        .status())
                .isEqualTo(431);
    }

    @ParameterizedTest
    @CsvSource({"/x/../a, /a", "//a, /a", "/large/%2e%2e/a?b=..//, /a?b=..//"})
    void pathsInDisguise(String target, String plain) throws IOException {
        Answer answer = RawClient.get(velo.port(), target);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(plain);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a%2f..%2fb", "/a/..;/b", "/a%5cb"})
    void pathsThatHaveNoPlainForm(String target) throws IOException {
        int before = backend.requests();

        assertThat(RawClient.get(velo.port(), target).status()).isEqualTo(400);
        assertThat(backend.requests()).isEqualTo(before);
    }

    @Test
    void underscoresInNames() throws IOException {
        ask("GET / HTTP/1.1\r\nHost: velo.test\r\nX_Forwarded_For: 1.2.3.4\r\nX-Kept: a_b\r\n\r\n");

        assertThat(backend.heads()).last().satisfies(head -> assertThat(head)
                .doesNotContainIgnoringCase("x_forwarded_for")
                .containsIgnoringCase("x-kept: a_b"));
    }

    @Test
    void butBrowsersAreToldToBeCareful() throws IOException {
        Answer answer = RawClient.get(velo.port(), "/a");

        assertThat(answer.field("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(answer.field("X-Frame-Options")).isEqualTo("DENY");
        assertThat(answer.field("Referrer-Policy")).isEqualTo("strict-origin-when-cross-origin");
        assertThat(answer.field("Strict-Transport-Security")).isEmpty();
    }

    @Test
    void moreThanCanBeAnsweredButTheirHealthIs() throws IOException {
        Overload overload = velo.context().getBean(Overload.class);
        try (RawClient client = RawClient.to(velo.port())) {
            await().atMost(PATIENCE).until(() -> {
                overwhelm(overload);
                Answer answer = client.send("GET /a HTTP/1.1\r\nHost: velo.test\r\n\r\n")
                        .read();
                return answer.status() == 503 && answer.body().contains("\"reason\":\"overloaded\"");
            });
            assertThat(RawClient.get(velo.port(), "/livez").status()).isEqualTo(200);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(client.send("GET /a HTTP/1.1\r\nHost: velo.test\r\n\r\n")
                                    .read()
                                    .status())
                            .as("by itself, when it is over")
                            .isEqualTo(200));
        }
        assertThat(velo.requests("failed", "overloaded")).isPositive();
    }

    /** All of them come from one address: they are told apart by who they have proved to be. */
    @Test
    void moreThanTheirOwnShare() throws IOException {
        assertThat(limited("X-API-Key: ann456789012\r\n")).isEqualTo(200);
        assertThat(limited("X-API-Key: ann456789012\r\n")).isEqualTo(429);
        assertThat(limited("X-API-Key: bob456789012\r\n")).isEqualTo(200);
        assertThat(limited("")).isEqualTo(401);
    }

    private int limited(String fields) throws IOException {
        return ask("GET /limited/a HTTP/1.1\r\nHost: velo.test\r\n" + fields + "\r\n")
                .status();
    }

    private static void overwhelm(Overload overload) {
        for (int look = 0; look < 20; look++) {
            overload.observe(Long.MAX_VALUE, 0);
        }
    }

    @Test
    void moreCallsThanCanBeAnswered() {
        Overload overload = velo.context().getBean(Overload.class);

        await().atMost(PATIENCE).until(() -> {
            overwhelm(overload);
            Answer answer = ask("POST /a HTTP/1.1\r\nHost: velo.test\r\nContent-Type: application/grpc\r\n"
                    + "Content-Length: 0\r\n\r\n");
            return answer.status() == 200
                    && answer.field("grpc-status").equals("14")
                    && answer.field("Proxy-Status").contains("overloaded");
        });
    }

    @Test
    void takingNextToNothingOfAnAnswer() throws IOException {
        try (RawClient client = RawClient.to(velo.port())) {
            client.send("GET /endless HTTP/1.1\r\nHost: velo.test\r\n\r\n");
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(velo.requests("aborted", "client_aborted"))
                    .isPositive());
        }
    }

    @Test
    void moreConnectionsThanOneClientMayHave() throws IOException {
        long before = connections().refused();
        List<RawClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < OF_ONE; i++) {
                clients.add(RawClient.to(velo.port()));
            }
            await().atMost(PATIENCE).until(() -> connections().open() == OF_ONE);

            try (RawClient surplus = RawClient.to(velo.port())) {
                Answer answer = surplus.read();
                assertThat(answer.status()).isEqualTo(503);
                assertThat(answer.field("Proxy-Status"))
                        .isEqualTo("velo; error=connection_limit_reached; details=\"overloaded\"");
                assertThat(answer.field("Retry-After")).isEqualTo("1");
                assertThat(surplus.readByte()).isEqualTo(-1);
            }
            assertThat(connections().refused() - before).isEqualTo(1);
            assertThat(clients.get(0)
                            .send("GET /a HTTP/1.1\r\nHost: velo.test\r\n\r\n")
                            .read()
                            .status())
                    .isEqualTo(200);
        } finally {
            for (RawClient client : clients) {
                client.close();
            }
        }
        await().atMost(PATIENCE).until(() -> connections().open() == 0);
        assertThat(RawClient.get(velo.port(), "/a").status()).isEqualTo(200);
    }
}
