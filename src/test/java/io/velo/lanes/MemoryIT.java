package io.velo.lanes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.velo.route.Lane;
import io.velo.testing.JarProcess;
import io.velo.testing.RawBackend;
import io.velo.testing.RawClient;
import io.velo.testing.RunningVelo;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Bodies stream: neither size nor a slow reader costs memory. The process has 64 MiB of heap and would fail otherwise. */
@ParameterizedClass(name = "{0}")
@EnumSource(Lane.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MemoryIT {

    private static final int TEN_MIB = 10 * 1024 * 1024;
    private static final int TRANSFERS = 20;
    private static final String CHUNK = "x".repeat(64 * 1024);

    private final AtomicLong written = new AtomicLong();
    private RawBackend backend;
    private JarProcess velo;

    @Parameter
    private Lane lane;

    private void serve(RawBackend.Exchange exchange) throws IOException {
        if (exchange.target().equals("/up")) {
            String count = String.valueOf(count(exchange));
            exchange.send("HTTP/1.1 200 OK\r\nContent-Length: " + count.length() + "\r\n\r\n" + count);
            return;
        }
        long length = exchange.target().equals("/down") ? TEN_MIB : Long.MAX_VALUE;
        exchange.send("HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n");
        for (long sent = 0; sent < length; sent += CHUNK.length()) {
            exchange.send(CHUNK);
            written.addAndGet(CHUNK.length());
        }
    }

    private static long count(RawBackend.Exchange exchange) throws IOException {
        long left = Long.parseLong(exchange.field("Content-Length"));
        byte[] buffer = new byte[64 * 1024];
        long count = 0;
        while (count < left) {
            int read = exchange.socket().getInputStream().read(buffer, 0, (int) Math.min(buffer.length, left - count));
            if (read < 0) {
                throw new IOException("the body broke off");
            }
            count += read;
        }
        return count;
    }

    @BeforeParameterizedClassInvocation
    void start(Lane of) throws IOException {
        lane = of;
        backend = RawBackend.doing(this::serve);
        velo = JarProcess.start(
                List.of("-Xmx64m", "-XX:+ExitOnOutOfMemoryError"),
                RunningVelo.only(lane),
                "lb.health.enabled=false",
                "lb.backends=" + backend.url());
    }

    @AfterParameterizedClassInvocation
    void stop() throws IOException {
        assertThat(velo.isAlive()).as(velo.log()).isTrue();
        assertThat(velo.log()).doesNotContain("OutOfMemory");
        velo.close();
        backend.close();
    }

    private static void allAtOnce(ThrowingRunnable task) {
        CompletableFuture<?>[] tasks = IntStream.range(0, TRANSFERS)
                .mapToObj(i -> CompletableFuture.runAsync(() -> run(task), started -> new Thread(started).start()))
                .toArray(CompletableFuture[]::new);
        CompletableFuture.allOf(tasks).join();
    }

    private static void run(ThrowingRunnable task) {
        try {
            task.run();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @FunctionalInterface
    private interface ThrowingRunnable {
        void run() throws IOException;
    }

    @Test
    void streamsLargeAnswers() {
        allAtOnce(() -> assertThat(RawClient.get(velo.port(), "/down").body()).hasSize(TEN_MIB));
    }

    @Test
    void streamsLargeUploads() {
        String body = "y".repeat(TEN_MIB);
        String request = "POST /up HTTP/1.1\r\nHost: a\r\nContent-Length: " + TEN_MIB + "\r\n\r\n" + body;
        allAtOnce(() -> assertThat(RawClient.ask(velo.port(), request).body()).isEqualTo(String.valueOf(TEN_MIB)));
    }

    @Test
    void holdsBackABackendWhoseClientsReadSlowly() throws IOException {
        List<RawClient> slow = new ArrayList<>();
        for (int i = 0; i < TRANSFERS; i++) {
            slow.add(RawClient.to(velo.port()).send("GET /endless HTTP/1.1\r\nHost: a\r\n\r\n"));
        }
        for (int round = 0; round < 5; round++) {
            for (RawClient client : slow) {
                assertThat(client.in().readNBytes(1024)).hasSize(1024);
            }
        }
        AtomicLong before = new AtomicLong(-1);
        await().pollInterval(Duration.ofMillis(500))
                .atMost(Duration.ofSeconds(30))
                .until(() -> {
                    long now = written.get();
                    return before.getAndSet(now) == now;
                });

        long perClient = written.get() / TRANSFERS;
        assertThat(perClient)
                .as(
                        "bytes under way to one client: the buffers of four sockets, which the kernel lets grow to 32 MiB each")
                .isLessThan(96L * 1024 * 1024);
        assertThat(RawClient.get(velo.port(), "/actuator/health").status()).isEqualTo(200);
        for (RawClient client : slow) {
            client.close();
        }
    }
}
