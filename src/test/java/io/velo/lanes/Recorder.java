package io.velo.lanes;

import io.velo.testing.RawBackend;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A backend that keeps each request that came whole, and answers it. */
final class Recorder implements RawBackend.Script {

    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final RawBackend.Script answer;

    /** Answers with 200 and {@code ok}. */
    Recorder() {
        this(exchange -> exchange.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n"
                + (exchange.method().equals("HEAD") ? "" : "ok")));
    }

    /**
     * @param answer what to do when a request is whole
     */
    Recorder(RawBackend.Script answer) {
        this.answer = answer;
    }

    @Override
    public void serve(RawBackend.Exchange exchange) throws IOException {
        String content = exchange.field("Transfer-Encoding").isEmpty()
                ? new String(exchange.body(), java.nio.charset.StandardCharsets.ISO_8859_1)
                : withoutFraming(exchange.chunkedBody());
        received.add(new Received(exchange.head(), content));
        answer.serve(exchange);
    }

    /** Whole requests so far. */
    List<Received> received() {
        return received;
    }

    private static String withoutFraming(String chunks) {
        StringBuilder content = new StringBuilder();
        int at = 0;
        while (true) {
            int end = chunks.indexOf("\r\n", at);
            int size = Integer.parseInt(chunks.substring(at, end), 16);
            if (size == 0) {
                return content.toString();
            }
            content.append(chunks, end + 2, end + 2 + size);
            at = end + 2 + size + 2;
        }
    }

    /**
     * A request as it came.
     *
     * @param content without its framing
     */
    record Received(String head, String content) {

        String line() {
            return head.substring(0, head.indexOf("\r\n"));
        }

        /** The fields with lower-case names, sorted by name; the order within one name is kept. */
        List<String> fields() {
            return sorted(head.lines().skip(1).filter(line -> !line.isEmpty()).toList());
        }

        static List<String> sorted(List<String> fields) {
            List<String> lines = new ArrayList<>();
            for (String line : fields) {
                int colon = line.indexOf(':');
                lines.add(line.substring(0, colon).toLowerCase(java.util.Locale.ROOT) + line.substring(colon));
            }
            lines.sort(java.util.Comparator.comparing(line -> line.substring(0, line.indexOf(':'))));
            return lines;
        }
    }
}
