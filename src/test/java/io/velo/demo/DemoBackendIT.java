package io.velo.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.velo.testing.RawClient;
import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.netty.DisposableServer;

class DemoBackendIT {

    private static final DoubleSupplier NEVER = () -> 0.999;

    private DisposableServer server;

    @AfterEach
    void stop() {
        server.disposeNow();
    }

    @Test
    void answersWithItsName() throws IOException {
        start(Duration.ZERO, 0, NEVER);

        assertThat(get("/any/path?x=y")).isEqualTo("200 b1");
    }

    @Test
    void isUpOrDownAsItIsTold() throws IOException {
        start(Duration.ZERO, 0, NEVER);

        assertThat(get("/health")).isEqualTo("200 up");
        assertThat(get("/health?set=down")).isEqualTo("200 down");
        assertThat(get("/health")).isEqualTo("503 down");
        assertThat(get("/health?set=sideways")).isEqualTo("200 down");
        assertThat(get("/")).isEqualTo("200 b1");
        assertThat(get("/health?set=up")).isEqualTo("200 up");
        assertThat(get("/health")).isEqualTo("200 up");
    }

    @Test
    void failsAsOftenAsItIsTold() throws IOException {
        Iterator<Double> draws = List.of(0.0, 0.24, 0.25, 0.9).iterator();
        start(Duration.ZERO, 0.25, draws::next);

        assertThat(List.of(get("/"), get("/"), get("/"), get("/")))
                .containsExactly("500 failed on purpose", "500 failed on purpose", "200 b1", "200 b1");
    }

    @Test
    void isAsSlowAsItIsTold() throws IOException {
        start(Duration.ofMillis(300), 0, NEVER);
        long before = System.nanoTime();

        assertThat(get("/")).isEqualTo("200 b1");

        assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThanOrEqualTo(Duration.ofMillis(300));
    }

    private void start(Duration delay, double failRate, DoubleSupplier random) {
        DemoBackend backend = new DemoBackend(new DemoBackend.Settings("127.0.0.1", 0, "b1", delay, failRate), random);
        server = backend.server().bindNow();
    }

    private String get(String target) throws IOException {
        RawClient.Answer answer = RawClient.get(server.port(), target);
        return answer.status() + " " + answer.body().strip();
    }
}
