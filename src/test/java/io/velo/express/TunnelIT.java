package io.velo.express;

import static org.assertj.core.api.Assertions.assertThat;

import io.velo.testing.RawBackend;
import io.velo.testing.RawClient;
import io.velo.testing.RunningVelo;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** Sessions after a switch of protocols: bytes as they are, in both directions. */
class TunnelIT {

    private static final String UPGRADE = """
            GET /session HTTP/1.1\r
            Host: a\r
            Connection: keep-alive, Upgrade\r
            Upgrade: websocket\r
            Sec-WebSocket-Key: a2V5\r
            \r
            """;
    private static final String SWITCHED = """
            HTTP/1.1 101 Switching Protocols\r
            Connection: Upgrade\r
            Upgrade: websocket\r
            Sec-WebSocket-Accept: b\r
            \r
            """;

    private static void echo(RawBackend.Exchange exchange) throws IOException {
        exchange.send(SWITCHED + "hello");
        InputStream in = exchange.socket().getInputStream();
        OutputStream out = exchange.socket().getOutputStream();
        byte[] buffer = new byte[4096];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            out.write(buffer, 0, n);
            out.flush();
        }
    }

    @Test
    void passesBytesOnBothWays() throws IOException {
        try (RawBackend backend = RawBackend.doing(TunnelIT::echo);
                RunningVelo velo = RunningVelo.unprobed(List.of(backend));
                RawClient client = RawClient.to(velo.port()).send(UPGRADE)) {
            String head = new String(client.in().readNBytes(head(client)), StandardCharsets.US_ASCII);
            assertThat(head).isEqualTo("hello");
            byte[] bytes = new byte[50_000];
            Arrays.fill(bytes, (byte) 0xab);
            client.send(bytes);

            assertThat(client.in().readNBytes(bytes.length)).isEqualTo(bytes);
            assertThat(velo.inFlight()).as("the session holds its backend").isEqualTo(1);
            assertThat(backend.heads().get(0).toLowerCase(Locale.ROOT))
                    .contains("connection: upgrade\r\n", "upgrade: websocket\r\n", "sec-websocket-key: a2v5\r\n");
        }
    }

    /** Reads the head of the answer; what follows is five bytes. */
    private static int head(RawClient client) throws IOException {
        StringBuilder head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            int next = client.in().read();
            assertThat(next).as("after '" + head + "'").isNotNegative();
            head.append((char) next);
        }
        assertThat(head.toString())
                .startsWith("HTTP/1.1 101 ")
                .containsIgnoringCase("connection: upgrade\r\n")
                .containsIgnoringCase("upgrade: websocket\r\n")
                .contains("Sec-WebSocket-Accept: b\r\n");
        return 5;
    }

    @Test
    void endsWithTheClient() throws IOException {
        try (RawBackend backend = RawBackend.doing(TunnelIT::echo);
                RunningVelo velo = RunningVelo.unprobed(List.of(backend))) {
            try (RawClient client = RawClient.to(velo.port()).send(UPGRADE)) {
                client.in().readNBytes(head(client));
            }

            velo.awaitIdle();
            velo.awaitRequests("success", "none", 1);
            assertThat(velo.backend(backend).inFlight()).isZero();
        }
    }

    @Test
    void endsWithTheBackend() throws IOException {
        try (RawBackend backend = RawBackend.doing(exchange -> {
                    exchange.send(SWITCHED + "hello");
                    exchange.reset();
                });
                RunningVelo velo = RunningVelo.unprobed(List.of(backend));
                RawClient client = RawClient.to(velo.port()).send(UPGRADE)) {
            head(client);

            assertThat(client.in().readAllBytes()).hasSizeLessThanOrEqualTo(5);
            velo.awaitIdle();
        }
    }

    @Test
    void staysHttpIfTheBackendDoesntSwitch() throws IOException {
        try (RawBackend backend = RawBackend.saying("no");
                RunningVelo velo = RunningVelo.unprobed(List.of(backend));
                RawClient client = RawClient.to(velo.port()).send(UPGRADE)) {
            assertThat(client.read().body()).isEqualTo("no");
            assertThat(client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").read().body())
                    .isEqualTo("no");
            velo.awaitIdle();
        }
    }
}
