package io.velo.lanes;

import static io.velo.testing.RawHttp2Client.CONTINUATION;
import static io.velo.testing.RawHttp2Client.DATA;
import static io.velo.testing.RawHttp2Client.END_HEADERS;
import static io.velo.testing.RawHttp2Client.END_STREAM;
import static io.velo.testing.RawHttp2Client.HEADERS;
import static io.velo.testing.RawHttp2Client.PING;
import static io.velo.testing.RawHttp2Client.PRIORITY;
import static io.velo.testing.RawHttp2Client.RST_STREAM;
import static io.velo.testing.RawHttp2Client.SETTINGS;
import static io.velo.testing.RawHttp2Client.WINDOW_UPDATE;
import static io.velo.testing.RawHttp2Client.block;
import static io.velo.testing.RawHttp2Client.bytes;
import static io.velo.testing.RawHttp2Client.head;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.Counter;
import io.velo.route.Lane;
import io.velo.testing.RawBackend;
import io.velo.testing.RawHttp2Client;
import io.velo.testing.RunningVelo;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Floods of frames: the connection is ended and counted, and another client is served meanwhile. */
@ParameterizedClass
@EnumSource(Lane.class)
class Http2FloodIT {

    private static final byte[] NUMBER_ZERO = new byte[4];
    private static final byte[] CANCEL = {0, 0, 0, 8};
    private static final int MOST = 20_000;

    private final Lane lane;
    private static RawBackend backend;
    private static RunningVelo velo;
    private RawHttp2Client flooding;
    private RawHttp2Client other;

    Http2FloodIT(Lane lane) {
        this.lane = lane;
    }

    @BeforeParameterizedClassInvocation
    static void start(Lane lane) {
        backend = RawBackend.doing(exchange -> {
            if (exchange.target().equals("/never")) {
                exchange.awaitClose();
                exchange.socket().close();
            } else {
                exchange.answer(200, "served");
            }
        });
        velo = RunningVelo.unprobed(lane, List.of(backend), "server.http2.enabled=true");
    }

    @AfterParameterizedClassInvocation
    static void stop() throws IOException {
        velo.close();
        backend.close();
    }

    @BeforeEach
    void connect() throws IOException {
        flooding = RawHttp2Client.to(velo.port());
        other = RawHttp2Client.to(velo.port());
    }

    @AfterEach
    void leave() throws IOException {
        flooding.close();
        other.close();
        velo.awaitIdle();
    }

    @Test
    void ofOpenedAndResetStreams() throws Exception {
        endsWith("rapid_reset", number -> {
            int stream = 2 * number + 1;
            flooding.send(bytes(HEADERS, END_STREAM | END_HEADERS, stream, head("GET", "/never")));
            flooding.send(bytes(RST_STREAM, 0, stream, CANCEL));
        });
    }

    @Test
    void ofFramesThatMakeVeloReset() throws Exception {
        endsWith("made_you_reset", number -> {
            int stream = 2 * number + 1;
            flooding.send(bytes(HEADERS, END_STREAM | END_HEADERS, stream, head("GET", "/never")));
            flooding.send(bytes(WINDOW_UPDATE, 0, stream, NUMBER_ZERO));
        });
    }

    @Test
    void ofFramesForStreamsThatAreOver() throws Exception {
        flooding.get(1, "/").answer(1);
        endsWith("made_you_reset", number -> flooding.send(bytes(DATA, 0, 1, (byte) 1)));
    }

    @Test
    void ofPiecesOfAHead() throws Exception {
        flooding.get(1, "/").answer(1); // its word on Velo's settings must not stand among the pieces
        flooding.send(bytes(HEADERS, 0, 3, head("GET", "/")));
        endsWith("continuation", number -> flooding.send(bytes(CONTINUATION, 0, 3, block("a", "b"))));
    }

    @Test
    void ofSettings() throws Exception {
        endsWith("settings", number -> flooding.send(bytes(SETTINGS, 0, 0)));
    }

    @Test
    void ofPings() throws Exception {
        endsWith("ping", number -> flooding.send(bytes(PING, 0, 0, new byte[8])));
    }

    @Test
    void ofEmptyData() throws Exception {
        flooding.send(bytes(HEADERS, END_HEADERS, 1, head("POST", "/")));
        endsWith("empty_data", number -> flooding.send(bytes(DATA, 0, 1)));
    }

    @Test
    void ofPriorities() throws Exception {
        endsWith("priority", number -> flooding.send(bytes(PRIORITY, 0, 1, new byte[] {0, 0, 0, 3, 16})));
    }

    @Test
    void ofEmptyHeads() throws Exception {
        endsWith("made_you_reset", number -> flooding.send(bytes(HEADERS, END_STREAM | END_HEADERS, 2 * number + 1)));
    }

    @Test
    void ofWindowUpdates() throws Exception {
        endsWith("window_update", number -> flooding.send(bytes(WINDOW_UPDATE, 0, 0, new byte[] {0, 0, 0, 1})));
    }

    @Test
    void butNotOfManyRequests() throws Exception {
        for (int i = 0; i < 600; i++) {
            flooding.get(2 * i + 1, "/");
            assertThat(flooding.answer(2 * i + 1).body()).isEqualTo("served");
        }
    }

    /** Sends these until the connection is gone. */
    private void endsWith(String reason, Piece piece) throws Exception {
        double before = ended(reason);
        CompletableFuture<Long> end = CompletableFuture.supplyAsync(flooding::end);
        for (int i = 0; i < MOST && !end.isDone(); i++) {
            try {
                piece.send(i);
            } catch (IOException e) {
                break; // it is
            }
            if (i == 50) {
                assertThat(other.get(1, "/").answer(1).body()).isEqualTo("served");
            }
        }

        assertThat(end.get(30, TimeUnit.SECONDS))
                .as("ENHANCE_YOUR_CALM, or a reset before it")
                .isIn(11L, -1L);
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(ended(reason)).as(reason).isEqualTo(before + 1));
        assertThat(other.get(3, "/").answer(3).body()).isEqualTo("served");
    }

    private double ended(String reason) {
        return velo.registry().find("lb.http2.ended").tag("reason", reason).counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    private interface Piece {
        void send(int number) throws IOException;
    }
}
