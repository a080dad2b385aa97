package io.velo.lanes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.velo.backend.BackendState;
import io.velo.route.Lane;
import io.velo.testing.RawBackend;
import io.velo.testing.RawClient;
import io.velo.testing.RunningVelo;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A request whose content turns out to be malformed when its head is at the backend already. */
@ParameterizedClass(name = "{0}")
@EnumSource(Lane.class)
class BrokenBodyIT {

    private static final String HEAD =
            "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n";
    private static final String BAD_CHUNK = "5 5\r\nhello\r\n0\r\n\r\n";

    private final Recorder recorder = new Recorder();
    private final Lane lane;

    BrokenBodyIT(Lane lane) {
        this.lane = lane;
    }

    @Test
    void isTheClientsFaultAndNotTakenForItsLeaving() throws IOException {
        try (RawBackend backend = RawBackend.doing(recorder);
                RunningVelo velo = RunningVelo.unprobed(lane, List.of(backend));
                RawClient client = RawClient.to(velo.port()).send(HEAD)) {
            await().until(() -> backend.requests() == 1);
            client.send(BAD_CHUNK);

            assertThat(client.read().status()).isEqualTo(400);
            assertThat(client.readByte()).as("closed").isEqualTo(-1);
            velo.awaitRequests("failed", "http_request_error", 1);
            velo.awaitIdle();
            await().untilAsserted(() -> assertThat(backend.connections()).isZero());
            assertThat(recorder.received()).as("never whole").isEmpty();
            assertThat(velo.backend(backend).state()).isEqualTo(BackendState.UP);
            assertThat(velo.requests("aborted", "client_aborted")).isZero();
        }
    }

    @Test
    void cutsAnAnswerThatHasBegun() throws IOException {
        RawBackend.Script early = exchange -> {
            exchange.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
            exchange.awaitClose();
        };
        try (RawBackend backend = RawBackend.doing(early);
                RunningVelo velo = RunningVelo.unprobed(lane, List.of(backend));
                RawClient client = RawClient.to(velo.port()).send(HEAD)) {
            assertThat(new String(client.in().readNBytes(12), java.nio.charset.StandardCharsets.ISO_8859_1))
                    .isEqualTo("HTTP/1.1 200");
            client.send(BAD_CHUNK);

            assertThat(new String(client.in().readAllBytes(), java.nio.charset.StandardCharsets.ISO_8859_1))
                    .as("no second answer inside the first")
                    .doesNotContain("HTTP/1.1 400")
                    .endsWith("half");
            velo.awaitIdle();
        }
    }
}
