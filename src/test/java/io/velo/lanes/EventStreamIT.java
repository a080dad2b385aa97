package io.velo.lanes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.velo.route.Lane;
import io.velo.testing.RawBackend;
import io.velo.testing.RawClient;
import io.velo.testing.RunningVelo;
import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Answers that have no end in sight, server-sent events, and those that are long in coming, long polling. */
@ParameterizedClass(name = "{0}")
@EnumSource(Lane.class)
class EventStreamIT {

    private static final String STREAM =
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";

    /** What the backend is to do next: an event to send, or one of these. */
    private static final BlockingQueue<String> ORDERS = new LinkedBlockingQueue<>();

    private static final String END = "end";
    private static final String RESET = "reset";
    private static final String WATCH = "watch";

    /** What the backend has seen. */
    private static final BlockingQueue<String> SEEN = new LinkedBlockingQueue<>();

    private static RawBackend backend;
    private static RunningVelo velo;

    EventStreamIT(Lane lane) {}

    /** The times that are short here are none of a stream's business. */
    @BeforeParameterizedClassInvocation
    static void start(Lane lane) {
        backend = RawBackend.doing(EventStreamIT::serve);
        velo = RunningVelo.with(
                lane,
                "lb.health.enabled=false",
                "lb.client.header-timeout=200ms",
                "lb.client.body-timeout=200ms",
                "lb.client.idle-timeout=2s",
                "lb.connections.idle=200ms",
                "lb.connections.max-life=200ms",
                "lb.circuit.failure-threshold=1000",
                "lb.backends=" + backend.url());
    }

    @AfterParameterizedClassInvocation
    static void stop() throws IOException {
        velo.close();
        backend.close();
    }

    @AfterEach
    void nothingIsLeft() {
        velo.awaitIdle();
        ORDERS.clear();
        SEEN.clear();
    }

    private static void serve(RawBackend.Exchange exchange) throws IOException {
        if (exchange.target().equals("/stream")) {
            exchange.send(STREAM);
        }
        for (String order = next(ORDERS); !order.equals(END); order = next(ORDERS)) {
            if (order.equals(RESET)) {
                exchange.reset();
                return;
            }
            if (order.equals(WATCH)) {
                watch(exchange);
                return;
            }
            exchange.send(Integer.toHexString(order.length()) + "\r\n" + order + "\r\n");
        }
        exchange.send(
                exchange.target().equals("/stream") ? "0\r\n\r\n" : "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnews");
    }

    private static void watch(RawBackend.Exchange exchange) throws IOException {
        try {
            exchange.awaitClose();
        } catch (IOException reset) {
            // is an end, too
        }
        SEEN.add("left");
        exchange.socket().close();
    }

    private static String next(BlockingQueue<String> queue) throws IOException {
        try {
            String next = queue.poll(30, TimeUnit.SECONDS);
            assertThat(next).isNotNull();
            return next;
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static RawClient ask(String path) throws IOException {
        return RawClient.to(velo.port())
                .send("GET " + path + " HTTP/1.1\r\nHost: a\r\nAccept: text/event-stream\r\n\r\n");
    }

    /** Reads on until this has come. */
    private static String readTo(RawClient client, String end) throws IOException {
        StringBuilder text = new StringBuilder();
        while (text.indexOf(end) < 0) {
            int next = client.readByte();
            assertThat(next).as("after '%s', in want of '%s'", text, end).isNotNegative();
            text.append((char) next);
        }
        return text.toString();
    }

    @Test
    void passesEachEventOnAtOnce() throws IOException {
        try (RawClient client = ask("/stream")) {
            assertThat(readTo(client, "\r\n\r\n")).containsIgnoringCase("content-type: text/event-stream");
            for (int i = 0; i < 20; i++) {
                String event = "data: " + i + "\n\n";
                ORDERS.add(event); // the next one is sent only when this one has arrived

                assertThat(readTo(client, event)).endsWith(event);
            }
            assertThat(velo.inFlight()).isEqualTo(1);
            ORDERS.add(END);
            assertThat(readTo(client, "0\r\n\r\n")).endsWith("\r\n0\r\n\r\n");
        }
    }

    @Test
    void lastsAsLongAsItLasts() throws Exception {
        try (RawClient client = ask("/stream")) {
            for (int i = 0; i < 15; i++) {
                assertThat(SEEN.poll(200, TimeUnit.MILLISECONDS)).isNull(); // a pause
                String event = "data: " + i + "\n\n";
                ORDERS.add(event);
                readTo(client, event);
            }
            ORDERS.add(END);
            readTo(client, "0\r\n\r\n");
        }
    }

    @Test
    void letsTheBackendSeeAtOnceThatItsClientHasLeft() throws IOException {
        long before = velo.requests("aborted", "client_aborted");
        try (RawClient client = ask("/stream")) {
            ORDERS.add("data: 1\n\n");
            readTo(client, "data: 1\n\n");
            ORDERS.add(WATCH);
        }

        assertThat(next(SEEN)).isEqualTo("left");
        velo.awaitIdle();
        velo.awaitRequests("aborted", "client_aborted", before + 1);
    }

    @Test
    void letsTheClientSeeThatTheBackendHasLeft() throws IOException {
        long before = velo.requests("failed", "http_response_incomplete");
        try (RawClient client = ask("/stream")) {
            ORDERS.add("data: 1\n\n");
            readTo(client, "data: 1\n\n");
            ORDERS.add(RESET);

            assertThat(client.in().readAllBytes()).asString().isIn("", "\r\n"); // and no last chunk
        }
        velo.awaitRequests("failed", "http_response_incomplete", before + 1);
    }

    @Test
    void waitsForNewsThatAreLongInComing() throws Exception {
        try (RawClient client = ask("/poll")) {
            assertThat(SEEN.poll(1, TimeUnit.SECONDS)).isNull(); // a long pause
            assertThat(velo.inFlight()).isEqualTo(1);
            ORDERS.add(END);

            assertThat(client.read().body()).isEqualTo("news");
        }
    }

    @Test
    void letsTheBackendSeeThatNobodyWaitsForNewsAnyMore() throws IOException {
        long before = velo.requests("aborted", "client_aborted");
        int asked = backend.requests();
        RawClient client = ask("/poll");
        ORDERS.add(WATCH);
        await().until(() -> backend.requests() == asked + 1);

        client.close();

        assertThat(next(SEEN)).isEqualTo("left");
        velo.awaitIdle();
        velo.awaitRequests("aborted", "client_aborted", before + 1);
    }
}
