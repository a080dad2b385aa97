package io.velo.lanes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.pkitesting.X509Bundle;
import io.velo.backend.Backend;
import io.velo.route.Lane;
import io.velo.testing.Authority;
import io.velo.testing.RawClient;
import io.velo.testing.RunningVelo;
import java.io.IOException;
import java.security.Principal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.DisposableServer;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;

/** What a pool says of TLS, on both lanes and for probes. */
class BackendTlsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final Map<Lane, RunningVelo> VELOS = new EnumMap<>(Lane.class);
    private static final List<DisposableServer> SERVERS = new ArrayList<>();
    private static final Queue<String> PROBES = new ConcurrentLinkedQueue<>();

    private static Authority authority;
    private static Authority other;
    private static X509Bundle velo;

    @BeforeAll
    static void start() throws Exception {
        authority = Authority.named("authority");
        other = Authority.named("other");
        velo = authority.signed("velo.test");
        authority.write("shown", velo);
        List.of("trusting", "shown", "moving-express", "moving-gateway").forEach(BackendTlsIT::trustOurs);
        String address = backend(context(authority.signed("127.0.0.1"), ClientAuth.NONE));
        String named = backend(context(authority.signed("backend.test"), ClientAuth.OPTIONAL));
        String strict = backend(context(authority.signed("127.0.0.1"), ClientAuth.REQUIRE));
        String strange = backend(context(other.signed("127.0.0.1"), ClientAuth.NONE));
        String modern = modern(context(authority.signed("127.0.0.1"), List.of("h2", "http/1.1")), HttpProtocol.HTTP11);
        String only = modern(context(authority.signed("127.0.0.1"), List.of("h2")));
        for (Lane lane : Lane.values()) {
            String moving = "moving-" + lane.word();
            Config config = new Config()
                    .bundle("trusting")
                    .with(authority.trust("shown"))
                    .bundle(moving)
                    .pool("right", address, "bundle=trusting")
                    .pool("wrong-name", named, "bundle=trusting")
                    .pool("asked-name", named, "bundle=trusting", "sni=backend.test")
                    .pool("any-name", named, "bundle=trusting", "verify=ca")
                    .pool("anybody", strange, "verify=none")
                    .pool("stranger", strange, "bundle=trusting")
                    .pool("jvm", address)
                    .pool("known", strict, "bundle=shown")
                    .pool("unknown", strict, "bundle=trusting")
                    .pool("moving", strange, "bundle=" + moving)
                    .pool("unasked", modern, "bundle=trusting")
                    .pool("choosing", modern, "bundle=trusting", "alpn=h2,http/1.1")
                    .pool("mute", address, "bundle=trusting", "alpn=h2,http/1.1")
                    .pool("modern", only, "bundle=trusting", "alpn=h2")
                    .pool("outdated", address, "bundle=trusting", "alpn=h2")
                    .pool("call", only, "bundle=trusting", "alpn=h2")
                    .with("lb.pools.choosing.health.enabled=true", "lb.pools.modern.health.enabled=true")
                    .with("lb.pools.call.health.enabled=true", "lb.pools.call.health.type=grpc")
                    .with("lb.pools.asked-name.health.enabled=true")
                    .with(authority.properties("shown"));
            VELOS.put(lane, RunningVelo.with(lane, config.properties()));
        }
    }

    private static void trustOurs(String bundle) {
        try {
            authority.writeRoot(bundle);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static SslContext context(X509Bundle own, ClientAuth clients) throws Exception {
        return SslContextBuilder.forServer(own.getKeyPair().getPrivate(), own.getCertificatePathList())
                .sslProvider(SslProvider.JDK) // which says of a session when it began
                .trustManager(authority.root().getCertificate())
                .clientAuth(clients)
                .build();
    }

    private static SslContext context(X509Bundle own, List<String> protocols) throws Exception {
        return SslContextBuilder.forServer(own.getKeyPair().getPrivate(), own.getCertificatePathList())
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        Protocol.ALPN,
                        SelectorFailureBehavior.NO_ADVERTISE,
                        SelectedListenerFailureBehavior.ACCEPT,
                        protocols))
                .build();
    }

    /** Speaks HTTP/2 and these, says which, and is well as gRPC has it. */
    private static String modern(SslContext context, HttpProtocol... others) {
        DisposableServer server = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .protocol(Stream.concat(Stream.of(HttpProtocol.H2), Stream.of(others))
                        .toArray(HttpProtocol[]::new))
                .secure(spec -> spec.sslContext(context))
                .handle((request, response) -> request.uri().startsWith("/grpc.health")
                        ? response.header("Content-Type", "application/grpc")
                                .header("Trailer", "grpc-status")
                                .trailerHeaders(trailers -> trailers.set("grpc-status", "0"))
                                .sendByteArray(Mono.just(new byte[] {0, 0, 0, 0, 2, 8, 1}))
                        : response.sendString(Mono.just(request.version().text() + " " + request.scheme())))
                .bindNow();
        SERVERS.add(server);
        return "https://127.0.0.1:" + server.port();
    }

    /** Says whose certificate was shown, and which name was asked for. */
    private static String backend(SslContext context) {
        DisposableServer server = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .secure(spec -> spec.sslContext(context))
                .handle((request, response) -> {
                    if (request.uri().startsWith("/health")) {
                        PROBES.add(told(request));
                    }
                    return response.keepAlive(!request.uri().contains("close")).sendString(Mono.just(told(request)));
                })
                .bindNow();
        SERVERS.add(server);
        return "https://127.0.0.1:" + server.port();
    }

    private static String told(HttpServerRequest request) {
        SSLSession session = ((Connection) request)
                .channel()
                .pipeline()
                .get(SslHandler.class)
                .engine()
                .getSession();
        return principal(session) + " " + ((ExtendedSSLSession) session).getRequestedServerNames() + " of "
                + session.getCreationTime();
    }

    private static String principal(SSLSession session) {
        try {
            Principal peer = session.getPeerPrincipal();
            return peer.getName();
        } catch (SSLPeerUnverifiedException e) {
            return "nobody";
        }
    }

    @AfterAll
    static void stop() {
        VELOS.values().forEach(RunningVelo::close);
        SERVERS.forEach(DisposableServer::disposeNow);
    }

    @AfterEach
    void isIdle() {
        VELOS.values().forEach(RunningVelo::awaitIdle);
    }

    private static RawClient.Answer get(Lane lane, String pool) throws IOException {
        return RawClient.get(VELOS.get(lane).port(), "/" + pool + "/x");
    }

    @ParameterizedTest
    @CsvSource({
        "EXPRESS, right", "EXPRESS, asked-name", "EXPRESS, any-name", "EXPRESS, anybody", "EXPRESS, known",
        "GATEWAY, right", "GATEWAY, asked-name", "GATEWAY, any-name", "GATEWAY, anybody", "GATEWAY, known"
    })
    void reachesWhomItTrusts(Lane lane, String pool) throws IOException {
        RawClient.Answer answer = get(lane, pool);

        assertThat(answer.status()).as(answer.head()).isEqualTo(200);
        assertThat(answer.body()).startsWith(pool.equals("known") ? "CN=velo.test " : "nobody ");
        assertThat(answer.body().contains("backend.test")).isEqualTo(pool.equals("asked-name"));
    }

    @ParameterizedTest
    @CsvSource({
        "EXPRESS, wrong-name, tls_certificate_error",
        "EXPRESS, stranger, tls_certificate_error",
        "EXPRESS, jvm, tls_certificate_error",
        "EXPRESS, unknown, tls_protocol_error",
        "GATEWAY, wrong-name, tls_certificate_error",
        "GATEWAY, stranger, tls_certificate_error",
        "GATEWAY, jvm, tls_certificate_error",
        "GATEWAY, unknown, tls_protocol_error"
    })
    void tellsWhyItDoesNotReach(Lane lane, String pool, String error) throws IOException {
        RawClient.Answer answer = get(lane, pool);

        assertThat(answer.status()).isEqualTo(502);
        assertThat(answer.field("Proxy-Status")).isEqualTo("velo; error=" + error);
        assertThat(answer.body()).contains(error).doesNotContain("127.0.0.1");
    }

    @ParameterizedTest
    @CsvSource({
        "EXPRESS, unasked, HTTP/1.1", "EXPRESS, choosing, HTTP/2.0", "EXPRESS, modern, HTTP/2.0",
        "GATEWAY, unasked, HTTP/1.1", "GATEWAY, choosing, HTTP/2.0", "GATEWAY, modern, HTTP/2.0"
    })
    void letsBackendsChooseWhereItMakesAnOffer(Lane lane, String pool, String version) throws IOException {
        for (int i = 0; i < 3; i++) {
            RawClient.Answer answer = get(lane, pool);

            assertThat(answer.status()).as(answer.head()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo(version + " https");
        }
    }

    @ParameterizedTest
    @EnumSource(Lane.class)
    void speaksHttp11WithThoseThatDoNotChoose(Lane lane) throws IOException {
        RawClient.Answer answer = get(lane, "mute");
        assertThat(answer.status()).as(answer.head()).isEqualTo(200);

        RawClient.Answer outdated = get(lane, "outdated");
        assertThat(outdated.status()).isEqualTo(502);
        assertThat(outdated.field("Proxy-Status")).isEqualTo("velo; error=tls_protocol_error");
    }

    @ParameterizedTest
    @CsvSource({
        "EXPRESS, choosing",
        "EXPRESS, modern",
        "EXPRESS, call",
        "GATEWAY, choosing",
        "GATEWAY, modern",
        "GATEWAY, call"
    })
    void probesByWhatRequestsSpeak(Lane lane, String pool) {
        Backend backend = VELOS.get(lane).pool(pool).backends().get(0);

        await().atMost(PATIENCE).until(() -> backend.lastProbe().isPresent());
        assertThat(backend.lastProbe().orElseThrow().passed())
                .as("%s", backend.lastProbe())
                .isTrue();
    }

    @ParameterizedTest
    @EnumSource(Lane.class)
    void probesInTheSameWay(Lane lane) {
        Backend backend = VELOS.get(lane).pool("asked-name").backends().get(0);

        await().atMost(PATIENCE).until(() -> backend.lastProbe().isPresent());
        assertThat(backend.lastProbe().orElseThrow().passed()).isTrue();
        assertThat(PROBES).isNotEmpty().allMatch(probe -> probe.contains("backend.test"));
    }

    @ParameterizedTest
    @EnumSource(Lane.class)
    void trustsWhomTheReloadedBundleTrusts(Lane lane) throws Exception {
        assertThat(get(lane, "moving").status()).isEqualTo(502);

        Authority.writeRoot(authority, "moving-" + lane.word(), other);

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(get(lane, "moving").status()).isEqualTo(200));
    }

    @ParameterizedTest
    @EnumSource(Lane.class)
    void resumesSessions(Lane lane) throws Exception {
        Set<String> sessions = new HashSet<>();
        int connections = 20;
        for (int i = 0; i < connections; i++) {
            RawClient.Answer answer = RawClient.get(VELOS.get(lane).port(), "/right/close");
            assertThat(answer.status()).isEqualTo(200);
            sessions.add(answer.body().replaceFirst(".* of ", ""));
        }

        assertThat(sessions).as("sessions of %s connections", connections).hasSizeLessThan(connections);
    }

    /** Properties of one Velo, with a route to each pool. */
    private static final class Config {

        private final List<String> properties = new ArrayList<>();
        private int routes;

        Config() {
            with("lb.health.enabled=false", "lb.circuit.failure-threshold=1000");
        }

        Config with(String... more) {
            properties.addAll(List.of(more));
            return this;
        }

        Config bundle(String name) {
            return with(authority.trust(name), "spring.ssl.bundle.pem." + name + ".reload-on-update=true");
        }

        Config pool(String name, String url, String... tls) {
            String route = "spring.cloud.gateway.server.webflux.routes[" + routes++ + "].";
            with("lb.pools." + name + ".backends=" + url);
            List.of(tls).forEach(setting -> with("lb.pools." + name + ".tls." + setting));
            return with(
                    route + "id=" + name, route + "uri=lb://" + name, route + "predicates[0]=Path=/" + name + "/**");
        }

        String[] properties() {
            return properties.toArray(String[]::new);
        }
    }
}
