package io.velo.lanes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.velo.backend.BackendState;
import io.velo.route.Lane;
import io.velo.testing.RawBackend;
import io.velo.testing.RawClient;
import io.velo.testing.RawHttp2Client;
import io.velo.testing.RunningVelo;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** PROXY headers before what trusted proxies send, and before what backends get. */
@ParameterizedClass(name = "{0}")
@EnumSource(Lane.class)
class ProxyProtocolIT {

    private static final String ROUTES = "spring.cloud.gateway.server.webflux.routes";
    private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";

    /** What the backend of version 2 gets before requests, in hexadecimal digits. */
    private static final List<String> HEADERS = new CopyOnWriteArrayList<>();

    private static RawBackend lines;
    private static RawBackend bytes;
    private static RawBackend plain;
    private static RunningVelo velo;

    ProxyProtocolIT(Lane lane) {}

    @BeforeParameterizedClassInvocation
    static void start(Lane lane) {
        HEADERS.clear();
        lines = RawBackend.saying("lines");
        bytes = RawBackend.doing(ProxyProtocolIT::serveBehindBytes);
        plain = RawBackend.saying("plain");
        velo = RunningVelo.with(
                lane,
                "server.http2.enabled=true",
                "lb.forwarded.proxy-protocol=127.0.0.1",
                "lb.health.interval=1h",
                "lb.proxy-protocol=v1",
                "lb.backends=" + lines.url(),
                "lb.pools.bytes.proxy-protocol=v2",
                "lb.pools.bytes.backends=" + bytes.url(),
                "lb.pools.plain.proxy-protocol=none",
                "lb.pools.plain.health.enabled=false",
                "lb.pools.plain.backends=" + plain.url(),
                ROUTES + "[0].id=bytes",
                ROUTES + "[0].uri=lb://bytes",
                ROUTES + "[0].predicates[0]=Path=/bytes",
                ROUTES + "[1].id=plain",
                ROUTES + "[1].uri=lb://plain",
                ROUTES + "[1].predicates[0]=Path=/plain",
                ROUTES + "[2].id=lines",
                ROUTES + "[2].uri=lb://default",
                ROUTES + "[2].predicates[0]=Path=/lines");
    }

    @AfterParameterizedClassInvocation
    static void stop() throws IOException {
        velo.close();
        for (RawBackend each : List.of(lines, bytes, plain)) {
            each.close();
        }
    }

    @AfterEach
    void nothingIsLeft() {
        velo.awaitIdle();
    }

    /** The signature of version 2 looks like the end of a head. What follows it is read here, and then comes the head. */
    private static void serveBehindBytes(RawBackend.Exchange exchange) throws IOException {
        if (!exchange.head().equals("\r\n\r\n")) {
            exchange.answer(200, "bytes");
            return;
        }
        DataInputStream in = new DataInputStream(exchange.socket().getInputStream());
        byte[] rest = in.readNBytes(12);
        byte[] addresses = in.readNBytes(((rest[10] & 0xff) << 8) | (rest[11] & 0xff));
        HEADERS.add("0d0a0d0a" + HexFormat.of().formatHex(rest) + HexFormat.of().formatHex(addresses));
    }

    private static RawClient proxied(String header) throws IOException {
        return RawClient.to(velo.port()).send(header);
    }

    private static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n";
    }

    private static String last(RawBackend backend) {
        List<String> heads = backend.heads().stream()
                .filter(head -> !head.contains("GET /health ")) // those of probes
                .toList();
        return heads.get(heads.size() - 1);
    }

    @Test
    void makesTheAddressInALineTheClients() throws IOException {
        try (RawClient client = proxied("PROXY TCP4 192.0.2.7 198.51.100.1 4321 80\r\n" + get("/plain"))) {
            assertThat(client.read().body()).isEqualTo("plain");
            assertThat(last(plain)).startsWith("GET ").containsIgnoringCase("X-Forwarded-For: 192.0.2.7\r\n");
            assertThat(client.send(get("/plain")).read().body()).isEqualTo("plain");
            assertThat(last(plain)).containsIgnoringCase("X-Forwarded-For: 192.0.2.7\r\n");
        }
    }

    @Test
    void makesTheAddressInBytesTheClients() throws IOException {
        byte[] header = HexFormat.of().parseHex(SIGNATURE + "2111000cc0000209c000020204d20050");
        try (RawClient client = RawClient.to(velo.port()).send(header).send(get("/plain"))) {
            assertThat(client.read().body()).isEqualTo("plain");
            assertThat(last(plain)).containsIgnoringCase("X-Forwarded-For: 192.0.2.9\r\n");
        }
    }

    @Test
    void closesAConnectionOfATrustedProxyWithoutAHeader() throws IOException {
        int before = plain.requests();
        for (String wrong : List.of(get("/plain"), "PROXY TCP4 1.2.3.4 nowhere 1 2\r\n" + get("/plain"))) {
            try (RawClient client = proxied(wrong)) {
                assertThat(ended(client)).as(wrong).isTrue();
            }
        }
        assertThat(plain.requests()).isEqualTo(before);
    }

    /** What it sent is unread, so it may be told by a reset. */
    private static boolean ended(RawClient client) {
        try {
            return client.readByte() < 0;
        } catch (IOException reset) {
            return !(reset instanceof SocketTimeoutException);
        }
    }

    @Test
    void believesNobodyElse() throws IOException {
        int before = plain.requests();
        try (RawClient other = RawClient.from("127.0.0.2", velo.port())
                .send("PROXY TCP4 192.0.2.7 198.51.100.1 4321 80\r\n" + get("/plain"))) {
            assertThat(other.read().status()).isEqualTo(400);
        }
        assertThat(plain.requests()).isEqualTo(before);
        try (RawClient other = RawClient.from("127.0.0.2", velo.port()).send(get("/plain"))) {
            assertThat(other.read().body()).isEqualTo("plain");
            assertThat(last(plain)).containsIgnoringCase("X-Forwarded-For: 127.0.0.2\r\n");
        }
    }

    @Test
    void tellsABackendByALineWhoseItsConnectionIs() throws IOException {
        try (RawClient first = proxied("PROXY TCP4 192.0.2.1 198.51.100.1 1001 80\r\n" + get("/lines"));
                RawClient second = proxied("PROXY TCP4 192.0.2.2 198.51.100.1 1002 80\r\n")) {
            assertThat(first.read().body()).isEqualTo("lines");
            assertThat(last(lines))
                    .startsWith("PROXY TCP4 192.0.2.1 127.0.0.1 1001 " + velo.port() + "\r\nGET /lines ");
            assertThat(second.send(get("/lines")).read().body()).isEqualTo("lines");
            assertThat(last(lines))
                    .startsWith("PROXY TCP4 192.0.2.2 127.0.0.1 1002 " + velo.port() + "\r\nGET /lines ");

            assertThat(first.send(get("/lines")).read().body()).isEqualTo("lines");
            assertThat(last(lines))
                    .as("on its own connection, which it has again")
                    .startsWith("GET /lines ");
        }
        await().untilAsserted(() -> assertThat(lines.connections())
                .as("those of clients that have left")
                .isZero());
    }

    @Test
    void tellsABackendInBytesWhoseItsConnectionIs() throws IOException {
        HEADERS.removeIf(header -> !header.startsWith(SIGNATURE + "20"));
        try (RawClient client = proxied("PROXY TCP4 192.0.2.1 198.51.100.1 1234 80\r\n" + get("/bytes"))) {
            assertThat(client.read().body()).isEqualTo("bytes");
        }
        String port = String.format("%04x", velo.port());
        assertThat(HEADERS).contains(SIGNATURE + "2111000c" + "c0000201" + "7f000001" + "04d2" + port);
    }

    @Test
    void holdsForAllStreamsOfAConnectionByHttp2() throws IOException {
        String header = "PROXY TCP4 192.0.2.11 198.51.100.1 4321 80\r\n";
        try (RawHttp2Client client = RawHttp2Client.behind(header, velo.port())) {
            assertThat(client.get(1, "/plain").answer(1).body()).isEqualTo("plain");
            assertThat(last(plain)).containsIgnoringCase("X-Forwarded-For: 192.0.2.11\r\n");
            assertThat(client.get(3, "/lines").answer(3).body()).isEqualTo("lines");
            assertThat(last(lines))
                    .startsWith("PROXY TCP4 192.0.2.11 127.0.0.1 4321 " + velo.port() + "\r\nGET /lines ");

            assertThat(client.get(5, "/lines").answer(5).body()).isEqualTo("lines");
            assertThat(last(lines)).as("on the client's connection").startsWith("GET /lines ");
        }
    }

    @Test
    void probesInItsOwnName() {
        await().untilAsserted(() -> assertThat(lines.heads())
                .anySatisfy(head -> assertThat(head).startsWith("PROXY UNKNOWN\r\nGET /health ")));
        await().untilAsserted(() -> assertThat(HEADERS).contains(SIGNATURE + "20000000"));
        velo.awaitState(lines, BackendState.UP);
    }
}
