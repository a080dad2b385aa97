package io.velo.lanes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.velo.backend.BackendState;
import io.velo.route.Lane;
import io.velo.testing.RawBackend;
import io.velo.testing.RawClient;
import io.velo.testing.RawClient.Answer;
import io.velo.testing.RunningVelo;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.netty.DisposableServer;

/** What a client sees when something fails: each row of the table, on real sockets. */
@ParameterizedClass(name = "{0}")
@EnumSource(Lane.class)
class FailureIT {

    private static final String POST = "POST / HTTP/1.1\r\nHost: velo.test\r\nContent-Length: 2\r\n\r\nhi";
    private final Lane lane;

    FailureIT(Lane lane) {
        this.lane = lane;
    }

    private static void assertProblem(Answer answer, int status, String error, String reason) {
        assertThat(answer.status()).as(answer.head()).isEqualTo(status);
        assertThat(answer.field("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.field("Proxy-Status")).startsWith("velo; error=" + error);
        assertThat(answer.body()).contains("\"status\":" + status, "\"reason\":\"" + reason + "\"");
        assertThat(answer.head() + answer.body()).as("no internal address").doesNotContain("127.0.0.1", "localhost");
        assertThat(answer.field("Retry-After").isEmpty()).isEqualTo(status != 503);
    }

    private static void assertProblem(Answer answer, int status, String error) {
        assertProblem(answer, status, error, error);
    }

    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Nested
    class NobodyIsThere {

        @Test
        void tellsNotFoundWithoutARoute() throws IOException {
            try (RawBackend backend = RawBackend.saying("ok");
                    RunningVelo velo = RunningVelo.unprobed(
                            lane,
                            List.of(backend),
                            "spring.cloud.gateway.server.webflux.routes[0].id=a",
                            "spring.cloud.gateway.server.webflux.routes[0].uri=lb://default",
                            "spring.cloud.gateway.server.webflux.routes[0].predicates[0]=Path=/a/**")) {
                assertThat(RawClient.get(velo.port(), "/a/x").status()).isEqualTo(200);
                assertProblem(RawClient.get(velo.port(), "/b"), 404, "destination_not_found");
                velo.awaitRequests("failed", "destination_not_found", 1);
            }
        }

        @Test
        void tellsUnavailableWhenAllAreDraining() throws IOException {
            try (RawBackend backend = RawBackend.saying("ok");
                    RunningVelo velo = RunningVelo.unprobed(lane, List.of(backend))) {
                velo.pool("default").drain(velo.backend(backend));

                assertProblem(RawClient.get(velo.port(), "/"), 503, "destination_unavailable");
                velo.awaitRequests("failed", "destination_unavailable", 1);
                velo.awaitIdle();
            }
        }

        @Test
        void tellsUnavailableWithoutBackends() throws IOException {
            try (RunningVelo velo = RunningVelo.with(lane, "lb.health.enabled=false")) {
                assertProblem(RawClient.get(velo.port(), "/"), 503, "destination_unavailable");
            }
        }

        @Test
        void tellsCircuitOpenWhenAllAreEjected() throws IOException {
            try (RawBackend one = RawBackend.resetting();
                    RawBackend two = RawBackend.resetting();
                    RunningVelo velo = RunningVelo.unprobed(lane, List.of(one, two), "lb.circuit.max-ejected=1.0")) {
                for (int i = 0; i < 6; i++) {
                    assertThat(RawClient.ask(velo.port(), POST).status()).isEqualTo(502);
                }

                assertProblem(
                        RawClient.ask(velo.port(), POST),
                        503,
                        "destination_unavailable; details=\"circuit_open\"",
                        "circuit_open");
                velo.awaitRequests("failed", "circuit_open", 1);
                velo.awaitIdle();
            }
        }

        @Test
        void tellsTheLimitWhenAllAreFull() throws IOException {
            try (RawBackend backend = RawBackend.doing(RawBackend.Exchange::awaitClose);
                    RunningVelo velo = RunningVelo.with(
                            lane,
                            "lb.health.enabled=false",
                            "lb.backends[0].url=" + backend.url(),
                            "lb.backends[0].max-in-flight=1");
                    RawClient first = RawClient.to(velo.port()).send(POST)) {
                await().until(() -> backend.requests() == 1);

                assertProblem(RawClient.ask(velo.port(), POST), 503, "connection_limit_reached");
                first.close();
                velo.awaitIdle();
            }
        }

        @Test
        void tellsTheLimitWhenTheConnectionsAreUsedUp() throws IOException {
            try (RawBackend backend = RawBackend.doing(RawBackend.Exchange::awaitClose);
                    RunningVelo velo = RunningVelo.unprobed(
                            lane,
                            List.of(backend),
                            "lb.connections.max-per-backend=1",
                            "lb.connections.queue=1",
                            "lb.connections.queue-timeout=200ms");
                    RawClient first = RawClient.to(velo.port()).send(POST)) {
                await().until(() -> backend.requests() == 1);

                assertProblem(RawClient.ask(velo.port(), POST), 503, "connection_limit_reached");
                assertThat(velo.backend(backend).state())
                        .as("it isn't the backend's fault")
                        .isEqualTo(BackendState.UP);
                first.close();
                velo.awaitIdle();
            }
        }
    }

    @Nested
    class TheBackendIsOutOfReach {

        @Test
        void tellsThatTheConnectionWasRefused() throws IOException {
            try (RunningVelo velo =
                    RunningVelo.with(lane, "lb.health.enabled=false", "lb.backends=http://127.0.0.1:" + closedPort())) {
                assertProblem(RawClient.ask(velo.port(), POST), 502, "connection_refused");
                velo.awaitRequests("failed", "connection_refused", 1);
                velo.awaitIdle();
            }
        }

        @Test
        void tellsThatTheNameHasNoAddress() throws IOException {
            try (RunningVelo velo = RunningVelo.of(
                    lane, List.of(NameServer.class), "lb.health.enabled=false", "lb.backends=http://nowhere.test:80")) {
                assertProblem(RawClient.ask(velo.port(), POST), 502, "dns_error");
                velo.awaitIdle();
            }
        }

        @Test
        void tellsThatTheCertificateIsNotTrusted() throws Exception {
            DisposableServer server = SelfSigned.server();
            try (RunningVelo velo = RunningVelo.with(
                    lane, "lb.health.enabled=false", "lb.backends=https://127.0.0.1:" + server.port())) {
                assertProblem(RawClient.ask(velo.port(), POST), 502, "tls_certificate_error");
                velo.awaitIdle();
            } finally {
                server.disposeNow();
            }
        }

        @Test
        void tellsThatConnectingTookTooLong() throws IOException {
            try (ServerSocket deaf = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                List<Socket> filling = new ArrayList<>();
                for (int i = 0; i < 3; i++) {
                    Socket socket = new Socket();
                    filling.add(socket);
                    try {
                        socket.connect(deaf.getLocalSocketAddress(), 200);
                    } catch (IOException full) {
                        break; // the backlog is full: from now on handshakes get no answer
                    }
                }
                try (RunningVelo velo = RunningVelo.with(
                        lane,
                        "lb.health.enabled=false",
                        "lb.timeouts.connect=300ms",
                        "lb.backends=http://127.0.0.1:" + deaf.getLocalPort())) {
                    assertProblem(RawClient.ask(velo.port(), POST), 504, "connection_timeout");
                    velo.awaitIdle();
                }
                for (Socket socket : filling) {
                    socket.close();
                }
            }
        }

        @Test
        void tellsThatTheBackendSpeaksNoTls() throws IOException {
            try (RawBackend plain = RawBackend.doing(exchange -> exchange.send("HTTP/1.1 400 no\r\n\r\n"));
                    ServerSocket notTls = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
                Thread speaker = new Thread(() -> sayHello(notTls));
                speaker.start();
                try (RunningVelo velo = RunningVelo.with(
                        lane, "lb.health.enabled=false", "lb.backends=https://127.0.0.1:" + notTls.getLocalPort())) {
                    assertProblem(RawClient.ask(velo.port(), POST), 502, "tls_protocol_error");
                    velo.awaitIdle();
                }
            }
        }

        private void sayHello(ServerSocket server) {
            while (!server.isClosed()) {
                try (Socket socket = server.accept()) {
                    socket.getOutputStream().write("HTTP/1.1 400 this is plain text\r\n\r\n".getBytes());
                    socket.getInputStream().read();
                } catch (IOException e) {
                    return;
                }
            }
        }
    }

    @Nested
    class TheBackendAnswersBadly {

        private Answer askOne(RawBackend.Script script, String error, int status, String... properties)
                throws IOException {
            try (RawBackend backend = RawBackend.doing(script);
                    RunningVelo velo = RunningVelo.unprobed(lane, List.of(backend), properties)) {
                Answer answer = RawClient.ask(velo.port(), POST);
                assertProblem(answer, status, error);
                velo.awaitRequests("failed", error, 1);
                velo.awaitIdle();
                assertThat(backend.requests()).as("sent once").isEqualTo(1);
                await().untilAsserted(() ->
                        assertThat(backend.connections()).as("not used again").isZero());
                return answer;
            }
        }

        @Test
        void tellsThatItClosedBeforeTheHead() throws IOException {
            askOne(
                    exchange -> {
                        exchange.body();
                        exchange.socket().close();
                    },
                    "connection_terminated",
                    502);
        }

        @Test
        void tellsThatItResetBeforeTheHead() throws IOException {
            askOne(
                    exchange -> {
                        exchange.body();
                        exchange.reset();
                    },
                    "connection_terminated",
                    502);
        }

        @Test
        void tellsThatItSpokeNoHttp() throws IOException {
            askOne(
                    exchange -> {
                        exchange.body();
                        exchange.send("SSH-2.0-OpenSSH_9.2\r\n\r\n");
                        exchange.awaitClose();
                    },
                    "http_protocol_error",
                    502);
        }

        @Test
        void tellsThatItsHeadWasEndless() throws IOException {
            askOne(
                    exchange -> {
                        exchange.body();
                        exchange.send("HTTP/1.1 200 OK\r\nX: " + "y".repeat(200_000) + "\r\n\r\n");
                        exchange.awaitClose();
                    },
                    "http_protocol_error",
                    502);
        }

        @Test
        void tellsThatItTookTooLong() throws IOException {
            askOne(RawBackend.Exchange::awaitClose, "http_response_timeout", 504, "lb.timeouts.response=300ms");
        }

        @Test
        void tellsThatTheWholeRequestTookTooLong() throws IOException {
            askOne(RawBackend.Exchange::awaitClose, "http_response_timeout", 504, "lb.timeouts.request=300ms");
        }

        @Test
        void passesOnItsOwnErrors() throws IOException {
            try (RawBackend backend = RawBackend.doing(exchange -> exchange.answer(500, "mine"));
                    RunningVelo velo = RunningVelo.unprobed(lane, List.of(backend))) {
                Answer answer = RawClient.ask(velo.port(), POST);

                assertThat(answer.status()).isEqualTo(500);
                assertThat(answer.body()).isEqualTo("mine");
                assertThat(answer.field("Proxy-Status")).isEmpty();
                velo.awaitRequests("server_error", "none", 1);
                velo.awaitIdle();
            }
        }
    }

    @Nested
    class TheBodyBreaksOff {

        private void assertCut(RawBackend.Script script, String... properties) throws IOException {
            try (RawBackend backend = RawBackend.doing(script);
                    RunningVelo velo = RunningVelo.unprobed(lane, List.of(backend), properties);
                    RawClient client = RawClient.to(velo.port()).send(POST)) {
                Answer answer = client.read();

                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.whole())
                        .as("a truncated answer must not look whole")
                        .isFalse();
                assertThat(client.readByte()).as("the connection is cut").isEqualTo(-1);
                velo.awaitRequests("failed", "http_response_incomplete", 1);
                velo.awaitIdle();
            }
        }

        @Test
        void cutsTheClientOffInsideALength() throws IOException {
            assertCut(exchange -> {
                exchange.body();
                exchange.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this");
                exchange.socket().close();
            });
        }

        @Test
        void cutsTheClientOffInsideChunks() throws IOException {
            assertCut(exchange -> {
                exchange.body();
                exchange.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nonly this\r\n");
                exchange.socket().close();
            });
        }

        @Test
        void cutsTheClientOffWhenTheBackendFallsSilent() throws IOException {
            assertCut(
                    exchange -> {
                        exchange.body();
                        exchange.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this");
                        exchange.awaitClose();
                    },
                    "lb.timeouts.body-idle=300ms");
        }

        @Test
        void cutsTheClientOffWhenTheWholeRequestTakesTooLong() throws IOException {
            try (RawBackend backend = RawBackend.doing(exchange -> {
                        exchange.body();
                        exchange.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this");
                        exchange.awaitClose();
                    });
                    RunningVelo velo = RunningVelo.unprobed(lane, List.of(backend), "lb.timeouts.request=400ms");
                    RawClient client = RawClient.to(velo.port()).send(POST)) {
                assertThat(client.read().whole()).isFalse();
                velo.awaitRequests("failed", "http_response_timeout", 1);
                velo.awaitIdle();
            }
        }
    }

    @Nested
    class TheRequestIsBad {

        private void assertRefused(String request, int status) throws IOException {
            try (RawBackend backend = RawBackend.saying("ok");
                    RunningVelo velo = RunningVelo.unprobed(lane, List.of(backend));
                    RawClient client = RawClient.to(velo.port()).send(request)) {
                Answer answer = client.read();

                assertProblem(answer, status, "http_request_error");
                assertThat(client.readByte()).as("closed").isEqualTo(-1);
                assertThat(backend.requests()).isZero();
                assertThat(velo.requests("failed", "http_request_error")).isEqualTo(1);
            }
        }

        @Test
        void refusesWhatIsNoHttp() throws IOException {
            assertRefused("hello velo\r\n\r\n", 400);
        }

        @Test
        void refusesBytesThatNoTargetHas() throws IOException {
            assertRefused("GET /caf\u00e9 HTTP/1.1\r\nHost: a\r\n\r\n", 400);
        }

        @Test
        void refusesATargetThatIsTooLong() throws IOException {
            assertRefused("GET /" + "x".repeat(10_000) + " HTTP/1.1\r\nHost: a\r\n\r\n", 414);
        }

        @Test
        void refusesAHeadThatIsTooLarge() throws IOException {
            assertRefused("GET / HTTP/1.1\r\nHost: a\r\nX: " + "y".repeat(20_000) + "\r\n\r\n", 431);
        }

        @Test
        void refusesInTurnAfterTheAnswersThatAreDue() throws IOException {
            try (RawBackend backend = RawBackend.saying("first");
                    RunningVelo velo = RunningVelo.unprobed(lane, List.of(backend));
                    RawClient client =
                            RawClient.to(velo.port()).send("GET /1 HTTP/1.1\r\nHost: a\r\n\r\nnonsense here\r\n\r\n")) {
                assertThat(client.read().body()).isEqualTo("first");
                assertThat(client.read().status()).isEqualTo(400);
                assertThat(client.readByte()).isEqualTo(-1);
                velo.awaitIdle();
            }
        }
    }
}
