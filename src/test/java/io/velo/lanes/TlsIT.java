package io.velo.lanes;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.velo.route.Lane;
import io.velo.testing.RawBackend;
import io.velo.testing.RawClient;
import io.velo.testing.RunningVelo;
import io.velo.tls.BackendTls;
import io.velo.tls.BackendTlsSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import reactor.core.publisher.Mono;
import reactor.netty.ByteBufFlux;
import reactor.netty.http.Http2SslContextSpec;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;

class TlsIT {

    private static final String GET = "GET /a HTTP/1.1\r\nHost: velo.test\r\n\r\n";

    private static RunningVelo velo(Lane lane, RawBackend backend, boolean http2) throws Exception {
        return RunningVelo.unprobed(
                lane,
                List.of(backend),
                "server.ssl.key-store=" + SelfSigned.keyStore(),
                "server.ssl.key-store-password=" + SelfSigned.PASSWORD,
                "server.http2.enabled=" + http2);
    }

    static Stream<Arguments> talks() {
        return Stream.of(Lane.values())
                .flatMap(lane -> Stream.of(
                        Arguments.of(lane, false, new String[0]),
                        Arguments.of(lane, true, new String[0]),
                        Arguments.of(lane, true, new String[] {"http/1.1"})));
    }

    /** Answers with what it was sent. */
    private static void echo(RawBackend.Exchange exchange) throws IOException {
        boolean chunked = !exchange.field("Transfer-Encoding").isEmpty();
        String body = chunked ? exchange.chunkedBody() : new String(exchange.body(), StandardCharsets.ISO_8859_1);
        String letters = body.replaceAll("[^x]", "");
        exchange.send("HTTP/1.1 200 OK\r\nContent-Length: " + letters.length() + "\r\n\r\n" + letters);
    }

    @ParameterizedTest
    @MethodSource("talks")
    void carriesRequestAfterRequest(Lane lane, boolean http2, String[] protocols) throws Exception {
        try (RawBackend backend = RawBackend.doing(TlsIT::echo);
                RunningVelo velo = velo(lane, backend, http2);
                RawClient client = RawClient.byTls(velo.port(), protocols)) {
            client.send("POST /a HTTP/1.1\r\nHost: velo.test\r\nContent-Length: 100000\r\n\r\n" + "x".repeat(100_000));
            assertThat(client.read().body()).hasSize(100_000);
            client.send(GET + GET);
            assertThat(client.read().status()).isEqualTo(200);
            assertThat(client.read().status()).isEqualTo(200);

            assertThat(backend.heads().get(0)).contains("X-Forwarded-Proto: https", "X-Forwarded-Port: 443");
            velo.awaitRequests("success", "none", 3);
            assertThat(velo.requests(lane)).isEqualTo(3);
            velo.awaitIdle();
        }
    }

    @ParameterizedTest
    @MethodSource("talks")
    void refusesWhatIsMalformed(Lane lane, boolean http2, String[] protocols) throws Exception {
        try (RawBackend backend = RawBackend.saying("ok");
                RunningVelo velo = velo(lane, backend, http2);
                RawClient client = RawClient.byTls(velo.port(), protocols)) {
            client.send("GET /a HTTP/1.1\r\nHost: velo.test\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n");

            assertThat(client.read().status()).isEqualTo(400);
            assertThat(backend.heads()).isEmpty();
        }
    }

    @Test
    void carriesHttp2OnTheExpressLane() throws Exception {
        Http2SslContextSpec trusting = Http2SslContextSpec.forClient()
                .configure(context -> context.trustManager(InsecureTrustManagerFactory.INSTANCE));
        try (RawBackend backend = RawBackend.doing(TlsIT::echo);
                RunningVelo velo = velo(Lane.EXPRESS, backend, true)) {
            String answer = HttpClient.create()
                    .protocol(HttpProtocol.H2)
                    .secure(spec -> spec.sslContext(trusting))
                    .post()
                    .uri("https://127.0.0.1:" + velo.port() + "/a")
                    .send(ByteBufFlux.fromString(Mono.just("x".repeat(100_000))))
                    .responseSingle((head, body) -> body.asString().map(text -> head.version() + " " + text.length()))
                    .block(Duration.ofSeconds(30));

            assertThat(answer).isEqualTo("HTTP/2.0 100000");
            velo.awaitRequests("success", "none", 1);
            assertThat(velo.requests(Lane.EXPRESS)).isEqualTo(1);
            velo.awaitIdle();
        }
    }

    @Test
    void costsNothingBeforeSomebodySpeaksIt() throws Exception {
        try (RawBackend backend = RawBackend.saying("ok");
                RunningVelo velo = RunningVelo.unprobed(List.of(backend))) {
            assertThat(RawClient.ask(velo.port(), GET).status()).isEqualTo(200);

            ConfigurableListableBeanFactory beans = velo.context().getBeanFactory();
            assertThat(beans.containsSingleton("tlsLibrary"))
                    .as("a look for BoringSSL")
                    .isFalse();
            beans.getBean(BackendTls.class).prepare(BackendTlsSettings.DEFAULT);
            assertThat(beans.containsSingleton("tlsLibrary"))
                    .as("a look for BoringSSL, by that name, when somebody does")
                    .isTrue();
        }
    }
}
