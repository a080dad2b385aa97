package io.velo.lanes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.pkitesting.X509Bundle;
import io.velo.route.Lane;
import io.velo.testing.Authority;
import io.velo.testing.RawBackend;
import io.velo.testing.RawClient;
import io.velo.testing.RunningVelo;
import java.io.IOException;
import java.math.BigInteger;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.netty.http.Http2SslContextSpec;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;

/** Clients that come by TLS: names, certificates on both sides, and other ones while Velo runs. */
class TerminationIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String FIELD = "X-Forwarded-Client-Cert";

    private static final Map<Lane, RunningVelo> VELOS = new EnumMap<>(Lane.class);

    private static Authority authority;
    private static Authority strangers;
    private static RawBackend backend;
    private static SSLContext nobody;
    private static SSLContext somebody;

    @BeforeAll
    static void start() throws Exception {
        authority = Authority.named("authority");
        strangers = Authority.named("strangers");
        nobody = context();
        somebody =
                context(authority.signed("somebody.test").toKeyManagerFactory().getKeyManagers());
        backend = RawBackend.saying("ok");
        for (Lane lane : Lane.values()) {
            VELOS.put(lane, velo(lane));
        }
    }

    private static RunningVelo velo(Lane lane) throws Exception {
        String web = "web-" + lane.word();
        String shop = "shop-" + lane.word();
        authority.write(web, authority.signed("velo.test"));
        authority.write(shop, authority.signed("shop.test"));
        authority.writeRoot(web);
        authority.writeRoot(shop);
        return RunningVelo.unprobed(
                lane,
                List.of(backend),
                Stream.of(
                                Stream.of(authority.properties(web)),
                                Stream.of(authority.properties(shop)),
                                Stream.of(
                                        authority.trust(web),
                                        authority.trust(shop),
                                        "server.ssl.bundle=" + web,
                                        "server.ssl.server-name-bundles[0].server-name=*.shop.test",
                                        "server.ssl.server-name-bundles[0].bundle=" + shop,
                                        "server.ssl.client-auth=want",
                                        "lb.tls.client-cert.field=xfcc",
                                        "server.http2.enabled=true",
                                        "lb.tls.hsts.max-age=365d"))
                        .flatMap(each -> each)
                        .toArray(String[]::new));
    }

    private static SSLContext context(KeyManager... keys) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
        return context;
    }

    @AfterAll
    static void stop() throws IOException {
        VELOS.values().forEach(RunningVelo::close);
        backend.close();
    }

    @AfterEach
    void isIdle() {
        VELOS.values().forEach(RunningVelo::awaitIdle);
    }

    private static RawClient client(Lane lane, SSLContext context, String name) throws IOException {
        return RawClient.byTls(VELOS.get(lane).port(), context, name);
    }

    private static RawClient.Answer ask(RawClient client, String... fields) throws IOException {
        return client.send("GET / HTTP/1.1\r\nHost: velo.test\r\n" + String.join("", fields) + "\r\n")
                .read();
    }

    private static String lastHead() {
        return backend.heads().get(backend.requests() - 1);
    }

    @ParameterizedTest
    @CsvSource({
        "EXPRESS, velo.test, CN=velo.test",
        "EXPRESS, a.shop.test, CN=shop.test",
        "EXPRESS, nobody.test, CN=velo.test",
        "GATEWAY, velo.test, CN=velo.test",
        "GATEWAY, A.Shop.TEST, CN=shop.test",
        "GATEWAY, nobody.test, CN=velo.test"
    })
    void showsTheCertificateOfTheNameThatIsAskedFor(Lane lane, String name, String subject) throws Exception {
        try (RawClient client = client(lane, context(), name)) { // which has no session to resume
            RawClient.Answer answer = ask(client);

            assertThat(answer.status()).isEqualTo(200);
            assertThat(client.certificate().getSubjectX500Principal().getName()).isEqualTo(subject);
            assertThat(answer.field("Strict-Transport-Security")).isEqualTo("max-age=31536000");
        }
    }

    @ParameterizedTest
    @EnumSource(Lane.class)
    void tellsStrictTransportInItsOwnAnswers(Lane lane) throws IOException {
        try (RawClient client = client(lane, nobody, "velo.test")) {
            RawClient.Answer answer =
                    client.send("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n").read();

            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.field("Strict-Transport-Security")).isEqualTo("max-age=31536000");
        }
    }

    @ParameterizedTest
    @EnumSource(Lane.class)
    void tellsStrictTransportByHttp2(Lane lane) {
        Http2SslContextSpec trusting = Http2SslContextSpec.forClient()
                .configure(context -> context.trustManager(InsecureTrustManagerFactory.INSTANCE));
        String answer = HttpClient.create()
                .protocol(HttpProtocol.H2)
                .secure(spec -> spec.sslContext(trusting))
                .get()
                .uri("https://127.0.0.1:" + VELOS.get(lane).port() + "/")
                .responseSingle((head, body) -> body.thenReturn(
                        head.version() + " " + head.responseHeaders().get("Strict-Transport-Security")))
                .block(Duration.ofSeconds(30));

        assertThat(answer).isEqualTo("HTTP/2.0 max-age=31536000");
    }

    @ParameterizedTest
    @EnumSource(Lane.class)
    void tellsWhoTheClientIs(Lane lane) throws IOException {
        for (int connection = 0; connection < 2; connection++) { // the second one resumes a session
            try (RawClient client = client(lane, somebody, "velo.test")) {
                for (int request = 0; request < 2; request++) {
                    assertThat(ask(client, FIELD + ": Hash=forged\r\n").status())
                            .isEqualTo(200);
                    assertThat(lastHead())
                            .contains(FIELD + ": Hash=")
                            .contains(";Subject=\"CN=somebody.test\";DNS=somebody.test")
                            .doesNotContain("forged");
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Lane.class)
    void letsNobodySayThatHeIsSomebody(Lane lane) throws IOException {
        try (RawClient client = client(lane, nobody, "velo.test")) {
            assertThat(ask(
                                    client,
                                    FIELD + ": Hash=forged\r\n",
                                    "Client-Cert: :AA==:\r\n",
                                    "Client-Cert-Chain: :AA==:\r\n")
                            .status())
                    .isEqualTo(200);

            assertThat(lastHead()).doesNotContainIgnoringCase("client-cert");
        }
    }

    @ParameterizedTest
    @EnumSource(Lane.class)
    void refusesACertificateOfStrangers(Lane lane) throws Exception {
        SSLContext stranger =
                context(strangers.signed("somebody.test").toKeyManagerFactory().getKeyManagers());
        int before = backend.requests();
        boolean answered;
        try (RawClient client = client(lane, stranger, "velo.test")) {
            answered = ask(client).status() == 200
                    && backend.requests() > before
                    && lastHead().contains(FIELD);
        } catch (IOException refused) {
            answered = false;
        }

        assertThat(answered).as("let in as somebody").isFalse();
    }

    @ParameterizedTest
    @EnumSource(Lane.class)
    void takesAnotherCertificateAndKeepsItsConnections(Lane lane) throws Exception {
        X509Bundle next = authority.signed("velo.test");
        X509Bundle last = authority.signed("velo.test");
        BigInteger first = serial(lane);
        try (RawClient client = client(lane, nobody, "velo.test")) {
            assertThat(ask(client).status()).isEqualTo(200);
            authority.write("web-" + lane.word(), next);
            awaitSerial(lane, next);
            assertThat(ask(client).status()).isEqualTo(200);
            assertThat(client.certificate().getSerialNumber()).isEqualTo(first);
            authority.write("web-" + lane.word(), last);
            awaitSerial(lane, last);
            assertThat(ask(client).status()).isEqualTo(200);
        }
    }

    private static void awaitSerial(Lane lane, X509Bundle expected) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(serial(lane))
                .isEqualTo(expected.getCertificate().getSerialNumber()));
    }

    private static BigInteger serial(Lane lane) throws Exception {
        try (RawClient client = client(lane, context(), "velo.test")) {
            assertThat(ask(client).status()).isEqualTo(200);
            return client.certificate().getSerialNumber();
        }
    }
}
