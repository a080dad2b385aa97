package io.velo.express;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.velo.testing.RawBackend;
import io.velo.testing.RawClient;
import io.velo.testing.RunningVelo;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Connections to backends: kept, bounded, and not trusted blindly. */
class ConnectionsIT {

    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String POST = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi";

    @Test
    void areUsedAgain() throws IOException {
        AtomicInteger opened = new AtomicInteger();
        try (RawBackend backend = counting(opened);
                RunningVelo velo = RunningVelo.unprobed(List.of(backend));
                RawClient client = RawClient.to(velo.port())) {
            for (int i = 0; i < 20; i++) {
                assertThat(client.send(GET).read().status()).isEqualTo(200);
            }

            assertThat(backend.connections()).isEqualTo(1);
            assertThat(opened).hasValue(1);
        }
    }

    private static RawBackend counting(AtomicInteger opened) {
        List<Object> known = new ArrayList<>();
        return RawBackend.doing(exchange -> {
            synchronized (known) {
                if (!known.contains(exchange.socket())) {
                    known.add(exchange.socket());
                    opened.incrementAndGet();
                }
            }
            exchange.answer(200, "ok");
        });
    }

    /** The first request on each connection is answered, the second finds it closed without a word. */
    private static RawBackend closingKept(List<String> methods) {
        List<Object> known = new ArrayList<>();
        return RawBackend.doing(exchange -> {
            boolean kept;
            synchronized (known) {
                kept = known.contains(exchange.socket());
                known.add(exchange.socket());
                methods.add(exchange.method());
            }
            if (kept) {
                exchange.socket().close();
            } else {
                exchange.answer(200, "ok");
            }
        });
    }

    @Test
    void areReplacedOnceIfTheBackendClosedThem() throws IOException {
        List<String> methods = new ArrayList<>();
        try (RawBackend backend = closingKept(methods);
                RunningVelo velo = RunningVelo.unprobed(List.of(backend));
                RawClient client = RawClient.to(velo.port())) {
            for (int i = 0; i < 4; i++) {
                assertThat(client.send(GET).read().status()).as("request " + i).isEqualTo(200);
            }

            assertThat(methods).as("each but the first was sent twice").hasSize(7);
            assertThat(velo.requests("failed", "connection_terminated")).isZero();
            velo.awaitIdle();
        }
    }

    @Test
    void areNotReplacedForARequestThatMustNotBeSentTwice() throws IOException {
        List<String> methods = new ArrayList<>();
        try (RawBackend backend = closingKept(methods);
                RunningVelo velo = RunningVelo.unprobed(List.of(backend));
                RawClient client = RawClient.to(velo.port())) {
            assertThat(client.send(GET).read().status()).isEqualTo(200);

            assertThat(client.send(POST).read().status()).isEqualTo(502);

            assertThat(methods).containsExactly("GET", "POST");
            velo.awaitIdle();
        }
    }

    @Test
    void areClosedWhenUnused() throws IOException {
        try (RawBackend backend = RawBackend.saying("ok");
                RunningVelo velo = RunningVelo.unprobed(List.of(backend), "lb.connections.idle=200ms")) {
            RawClient.get(velo.port(), "/");

            await().until(() -> backend.connections() == 0);
        }
    }

    /** More than any event loop makes at once. */
    @Test
    void areMadeForAllThatWaitHoweverLongOthersTake() throws IOException {
        int many = Math.min(400, 20 * Runtime.getRuntime().availableProcessors());
        CountDownLatch allThere = new CountDownLatch(many);
        List<RawClient> clients = new ArrayList<>();
        try (RawBackend backend = answeringTogether(allThere);
                RunningVelo velo = RunningVelo.unprobed(List.of(backend))) {
            for (int i = 0; i < many; i++) {
                clients.add(RawClient.to(velo.port()).send(GET));
            }

            for (RawClient client : clients) {
                assertThat(client.read().status()).isEqualTo(200);
                client.close();
            }
            velo.awaitIdle();
        }
    }

    private static RawBackend answeringTogether(CountDownLatch allThere) {
        return RawBackend.doing(exchange -> {
            allThere.countDown();
            try {
                allThere.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            exchange.answer(200, "ok");
        });
    }

    @Test
    void servesABurstOverFewConnections() throws IOException {
        AtomicInteger opened = new AtomicInteger();
        try (RawBackend backend = counting(opened);
                RunningVelo velo = RunningVelo.unprobed(List.of(backend), "lb.connections.max-per-backend=3")) {
            List<RawClient> clients = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                clients.add(RawClient.to(velo.port()));
            }
            for (RawClient client : clients) {
                client.send(GET);
            }
            for (RawClient client : clients) {
                assertThat(client.read().status()).isEqualTo(200);
                client.close();
            }

            assertThat(backend.connections()).isLessThanOrEqualTo(3);
            velo.awaitIdle();
        }
    }
}
