package io.velo.lanes;

import io.velo.testing.RawBackend;
import java.io.IOException;
import java.util.List;

/**
 * What a backend does with a request, and what the client gets of it. A line's end is written {@code ⏎}.
 *
 * @param name section of RFC 9110 or 9112, and what the case is about
 * @param request all bytes of the client
 * @param script what the backend does
 * @param interim heads that come before the answer
 * @param told what the client is told in the end
 * @param kept whether the client's connection stays open
 * @param reused whether the backend's connection serves the next request, too
 */
record AnswerCase(
        String name,
        String request,
        RawBackend.Script script,
        List<Told> interim,
        Told told,
        boolean kept,
        boolean reused) {

    static final String GET = "GET /case HTTP/1.1⏎Host: a⏎⏎";
    static final String HEAD = "HEAD /case HTTP/1.1⏎Host: a⏎⏎";
    static final String POST = "POST /case HTTP/1.1⏎Host: a⏎Content-Length: 2⏎⏎hi";
    static final String OLD = "GET /case HTTP/1.0⏎⏎";

    /** The backend says this to a GET; the client is told so and both connections are kept. */
    static AnswerCase passed(String name, String said, String content, String... head) {
        return new AnswerCase(name, bytes(GET), saying(said), List.of(), Told.of(content, head), true, true);
    }

    /** The backend does this with a POST; Velo tells the client what is wrong and closes the backend's connection. */
    static AnswerCase failed(int status, String error, String name, RawBackend.Script script) {
        return new AnswerCase(name, bytes(POST), script, List.of(), Told.failure(status, error), true, false);
    }

    /** The backend says this to a POST, which is no HTTP. */
    static AnswerCase bad(String name, String said) {
        return failed(502, "http_protocol_error", name, saying(said).then(RawBackend.Exchange::awaitClose));
    }

    /** The backend does this with a POST; the client gets the beginning, and both connections are cut. */
    static AnswerCase cut(String name, RawBackend.Script script) {
        return new AnswerCase(name, bytes(POST), script, List.of(), Told.beginning(), false, false);
    }

    AnswerCase to(String otherRequest) {
        return new AnswerCase(name, bytes(otherRequest), script, interim, told, kept, reused);
    }

    AnswerCase by(RawBackend.Script otherScript) {
        return new AnswerCase(name, request, otherScript, interim, told, kept, reused);
    }

    AnswerCase after(Told... heads) {
        return new AnswerCase(name, request, script, List.of(heads), told, kept, reused);
    }

    /** The client's connection is closed behind the answer. */
    AnswerCase closing() {
        return new AnswerCase(name, request, script, interim, told, false, reused);
    }

    /** The backend's connection isn't used again. */
    AnswerCase dropped() {
        return new AnswerCase(name, request, script, interim, told, kept, false);
    }

    boolean toHead() {
        return request.startsWith("HEAD");
    }

    /** Takes the request and says something. */
    static Steps saying(String said) {
        return exchange -> {
            exchange.body();
            exchange.send(bytes(said));
        };
    }

    static String bytes(String text) {
        return text.replace("⏎", "\r\n");
    }

    @Override
    public String toString() {
        return name;
    }

    /** Steps of a backend, one after the other. */
    @FunctionalInterface
    interface Steps extends RawBackend.Script {

        default Steps then(RawBackend.Script next) {
            return exchange -> {
                serve(exchange);
                next.serve(exchange);
            };
        }

        default Steps thenClose() {
            return then(exchange -> exchange.socket().close());
        }

        default Steps thenReset() {
            return then(RawBackend.Exchange::reset);
        }

        default Steps thenHold() {
            return then(RawBackend.Exchange::awaitClose);
        }

        @Override
        void serve(RawBackend.Exchange exchange) throws IOException;
    }

    /**
     * An answer as it reaches the client.
     *
     * @param line the status line
     * @param fields as {@code Name: value}
     * @param error of {@code Proxy-Status} if Velo itself answers
     * @param whole whether the content is as long as its framing promises
     */
    record Told(String line, List<String> fields, String content, String error, boolean whole) {

        static Told of(String content, String... head) {
            return new Told(head[0], List.of(head).subList(1, head.length), content, "", true);
        }

        static Told failure(int status, String error) {
            return new Told("HTTP/1.1 " + status + " ", List.of(), "", error, true);
        }

        static Told beginning() {
            return new Told("HTTP/1.1 200 OK", List.of(), "", "", false);
        }
    }
}
