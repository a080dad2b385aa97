package io.velo.lanes;

import static org.assertj.core.api.Assertions.assertThat;

import io.velo.route.Lane;
import io.velo.testing.RawBackend;
import io.velo.testing.RawClient;
import io.velo.testing.RunningVelo;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Interim answers come at once, however long the answer itself takes. */
@ParameterizedClass(name = "{0}")
@EnumSource(Lane.class)
class InterimIT {

    private static final String HINTS = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n";
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    private final Semaphore goOn = new Semaphore(0);
    private final Lane lane;

    InterimIT(Lane lane) {
        this.lane = lane;
    }

    private void hintTwiceAndAnswer(RawBackend.Exchange exchange) throws IOException {
        for (int i = 0; i < 2; i++) {
            exchange.send(HINTS);
            pass();
        }
        exchange.answer(200, "ok");
    }

    private void pass() {
        try {
            assertThat(goOn.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void reachTheClientBeforeTheBackendHasAnswered() throws IOException {
        try (RawBackend backend = RawBackend.doing(this::hintTwiceAndAnswer);
                RunningVelo velo = RunningVelo.unprobed(lane, List.of(backend));
                RawClient client = RawClient.to(velo.port())) {
            for (int i = 0; i < 3; i++) {
                client.send(GET);
                for (int hint = 0; hint < 2; hint++) {
                    assertThat(client.read().status()).isEqualTo(103);
                    goOn.release();
                }
                assertThat(client.read().body()).isEqualTo("ok");
            }
            velo.awaitRequests("success", "none", 3);
            velo.awaitIdle();
        }
    }

    @Test
    void answerNobodyOnAPipelineButTheOneThatIsInTurn() throws IOException {
        try (RawBackend backend = RawBackend.doing(this::hintTwiceAndAnswer);
                RunningVelo velo = RunningVelo.unprobed(lane, List.of(backend));
                RawClient client = RawClient.to(velo.port()).send(GET + GET)) {
            goOn.release(4);
            for (int i = 0; i < 2; i++) {
                assertThat(client.read().status()).isEqualTo(103);
                assertThat(client.read().status()).isEqualTo(103);
                assertThat(client.read().status()).isEqualTo(200);
            }
        }
    }
}
