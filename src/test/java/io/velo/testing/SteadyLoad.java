package io.velo.testing;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Clients that ask one request after another, each on one connection, and note whatever is not a right answer. */
public final class SteadyLoad implements AutoCloseable {

    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicInteger answers = new AtomicInteger();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final List<Thread> clients = new ArrayList<>();

    private SteadyLoad() {}

    /** So many clients on this port. */
    public static SteadyLoad on(int port, int clients) {
        SteadyLoad load = new SteadyLoad();
        for (int i = 0; i < clients; i++) {
            Thread client = new Thread(() -> load.ask(port), "client-" + i);
            load.clients.add(client);
            client.start();
        }
        return load;
    }

    private void ask(int port) {
        try (RawClient client = RawClient.to(port)) {
            while (!over.get()) {
                RawClient.Answer answer =
                        client.send("GET / HTTP/1.1\r\nHost: velo.test\r\n\r\n").read();
                answers.incrementAndGet();
                if (answer.status() != 200 || !answer.whole()) {
                    failures.add(answer.head() + answer.body());
                }
            }
        } catch (IOException e) {
            failures.add(e.toString());
        }
    }

    /** How many were answered so far. */
    public int answers() {
        return answers.get();
    }

    /** What went wrong so far. */
    public List<String> failures() {
        return List.copyOf(failures);
    }

    @Override
    public void close() throws InterruptedException {
        over.set(true);
        for (Thread client : clients) {
            client.join(10_000);
        }
    }
}
