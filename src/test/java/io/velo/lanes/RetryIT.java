package io.velo.lanes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.velo.backend.BackendState;
import io.velo.route.Lane;
import io.velo.testing.RawBackend;
import io.velo.testing.RawClient;
import io.velo.testing.RunningVelo;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Second attempts and ejections, on real sockets. */
@ParameterizedClass(name = "{0}")
@EnumSource(Lane.class)
class RetryIT {

    private static final String POST = "POST / HTTP/1.1\r\nHost: velo.test\r\nContent-Length: 2\r\n\r\nhi";
    private final Lane lane;

    RetryIT(Lane lane) {
        this.lane = lane;
    }

    private static String refused() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return "http://127.0.0.1:" + socket.getLocalPort();
        }
    }

    @Test
    void sendsAPostToAnotherBackendIfTheFirstCannotBeReached() throws IOException {
        try (RawBackend good = RawBackend.doing(exchange -> {
                    String body = new String(exchange.body());
                    exchange.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n" + body);
                });
                RunningVelo velo = RunningVelo.with(
                        lane, "lb.health.enabled=false", "lb.backends=" + refused() + "," + good.url())) {
            for (int i = 0; i < 10; i++) {
                assertThat(RawClient.ask(velo.port(), POST).body()).isEqualTo("hi");
            }

            assertThat(velo.retries()).as("until the refusing one is ejected").isEqualTo(3);
            assertThat(good.requests()).isEqualTo(10);
            velo.awaitIdle();
        }
    }

    @Test
    void triesNoMoreThanTwo() throws IOException {
        try (RunningVelo velo = RunningVelo.with(
                lane, "lb.health.enabled=false", "lb.backends=" + refused() + "," + refused() + "," + refused())) {
            assertThat(RawClient.ask(velo.port(), POST).status()).isEqualTo(502);

            assertThat(velo.retries()).isEqualTo(1);
            velo.awaitIdle();
        }
    }

    @Test
    void sendsNothingTwiceOnceTheBackendHasHadIt() throws IOException {
        try (RawBackend resetting = RawBackend.doing(exchange -> {
                    exchange.body();
                    exchange.reset();
                });
                RawBackend good = RawBackend.saying("ok");
                RunningVelo velo = RunningVelo.unprobed(lane, List.of(resetting, good))) {
            long failed = 0;
            for (int i = 0; i < 20; i++) {
                failed += RawClient.ask(velo.port(), POST).status() == 502 ? 1 : 0;
            }

            assertThat(failed)
                    .as("a resetting backend costs its threshold and no more")
                    .isEqualTo(3);
            assertThat(resetting.requests()).isEqualTo(3);
            assertThat(velo.backend(resetting).state()).isEqualTo(BackendState.EJECTED);
            assertThat(velo.retries()).isZero();
            velo.awaitIdle();
        }
    }

    @Test
    void takesAnEjectedBackendBackAfterATrial() throws IOException {
        boolean[] broken = {true};
        try (RawBackend flaky = RawBackend.doing(exchange -> {
                    if (broken[0]) {
                        exchange.reset();
                    } else {
                        exchange.answer(200, "back");
                    }
                });
                RawBackend good = RawBackend.saying("ok");
                RunningVelo velo = RunningVelo.unprobed(lane, List.of(flaky, good), "lb.circuit.timeout=300ms")) {
            while (velo.backend(flaky).state() == BackendState.UP) {
                RawClient.ask(velo.port(), POST);
            }
            broken[0] = false;
            velo.awaitState(flaky, BackendState.TRIAL);

            await().until(() -> RawClient.ask(velo.port(), POST).body().equals("back"));

            velo.awaitState(flaky, BackendState.UP);
            velo.awaitIdle();
        }
    }

    @Test
    void keepsTheLastBackendInService() throws IOException {
        try (RawBackend only = RawBackend.resetting();
                RunningVelo velo = RunningVelo.unprobed(lane, List.of(only))) {
            for (int i = 0; i < 10; i++) {
                assertThat(RawClient.ask(velo.port(), POST).status()).isEqualTo(502);
            }
            assertThat(velo.backend(only).state()).isEqualTo(BackendState.UP);
        }
    }
}
