package io.velo.lanes;

import static io.velo.lanes.AnswerCase.HEAD;
import static io.velo.lanes.AnswerCase.OLD;
import static io.velo.lanes.AnswerCase.POST;
import static io.velo.lanes.AnswerCase.bytes;
import static io.velo.lanes.AnswerCase.passed;
import static io.velo.lanes.AnswerCase.saying;

import io.velo.testing.RawBackend;
import java.io.IOException;
import java.util.stream.Stream;

/** Answers that are right, if sometimes odd: passed on with all that is meant for the client. */
final class AnswerCases {

    private static final String LENGTH = "Content-Length: 2";

    private AnswerCases() {}

    static Stream<AnswerCase> all() {
        return Stream.of(statuses(), fields(), hops(), ends(), early()).flatMap(cases -> cases);
    }

    private static AnswerCase status(String name, String said, String line) {
        return passed("9112-4 " + name, said + "⏎Content-Length: 2⏎⏎ok", "ok", line, LENGTH);
    }

    private static Stream<AnswerCase> statuses() {
        return Stream.of(
                status("200", "HTTP/1.1 200 OK", "HTTP/1.1 200 OK"),
                status("a reason of its own", "HTTP/1.1 299 Very fine: yes", "HTTP/1.1 299 Very fine: yes"),
                status("an empty reason", "HTTP/1.1 200 ", "HTTP/1.1 200 "),
                status("a status nobody knows", "HTTP/1.1 599 X", "HTTP/1.1 599 X"),
                status("an error of the backend's", "HTTP/1.1 502 Bad Gateway", "HTTP/1.1 502 Bad Gateway"),
                status("a redirect is the client's matter", "HTTP/1.1 302 Found", "HTTP/1.1 302 Found"),
                status("a challenge is the client's matter", "HTTP/1.1 401 Unauthorized", "HTTP/1.1 401 Unauthorized"));
    }

    private static AnswerCase field(String name, String said, String... told) {
        String[] head = Stream.concat(Stream.of("HTTP/1.1 200 OK", LENGTH), Stream.of(told))
                .toArray(String[]::new);
        return passed(name, "HTTP/1.1 200 OK⏎" + said + "⏎Content-Length: 2⏎⏎ok", "ok", head);
    }

    private static Stream<AnswerCase> fields() {
        return Stream.of(
                field("9110-5.3 cookies", "Set-Cookie: a=1⏎Set-Cookie: b=2", "Set-Cookie: a=1", "Set-Cookie: b=2"),
                field("9110-5.3 fields of one name, in order", "X: 1⏎Y: 2⏎x: 3", "X: 1", "X: 3", "Y: 2"),
                field("9110-5.5 an empty value", "X:", "X: "),
                field("9110-5.5 bytes beyond ASCII", "X: caf\u00c3\u00a9", "X: caf\u00c3\u00a9"),
                field(
                        "9110-8.8 validators and dates as they are",
                        "ETag: W/\"1\"⏎Date: yesterday⏎Server: x",
                        "ETag: W/\"1\"",
                        "Date: yesterday",
                        "Server: x"),
                field("9112-5.2 a folded line is joined", "X: 1⏎  2", "X: 1 2"),
                field("9112-5.1 a space before the colon is taken out", "X : 1", "X: 1"));
    }

    private static Stream<AnswerCase> hops() {
        return Stream.of(
                field("9110-7.6.1 named fields", "Connection: X-Hop, x-b⏎X-Hop: 1⏎X-B: 2⏎X: 3", "X: 3"),
                field("9110-7.6.1 the length can't be named away", "Connection: Content-Length"),
                field("9110-7.6.1 Keep-Alive and Proxy-Connection", "Keep-Alive: timeout=5⏎Proxy-Connection: close"),
                field("9110-7.8 an offer to upgrade", "Connection: Upgrade⏎Upgrade: h2c"),
                field("9110-11.7.1 Proxy-Authenticate", "Proxy-Authenticate: Basic"),
                field("9110-7.6.3 Via of others", "Via: 1.1 x", "Via: 1.1 x"),
                field("9209-2 Proxy-Status of others", "Proxy-Status: x; error=y", "Proxy-Status: x; error=y"),
                field("9112-9.6 the backend wants to close", "Connection: close")
                        .dropped(),
                field("9112-9.6 the backend wants to close and does", "Connection: close")
                        .by(saying("HTTP/1.1 200 OK⏎Connection: close⏎Content-Length: 2⏎⏎ok")
                                .thenClose())
                        .dropped(),
                field("9112-9.6 the client wants to close", "Server: x", "Server: x", "Connection: close")
                        .to("GET /case HTTP/1.1⏎Host: a⏎Connection: close⏎⏎")
                        .closing());
    }

    private static Stream<AnswerCase> ends() {
        return Stream.of(
                passed(
                        "9110-15.3.5 204",
                        "HTTP/1.1 204 No Content⏎ETag: 1⏎⏎",
                        "",
                        "HTTP/1.1 204 No Content",
                        "ETag: 1"),
                passed(
                        "9110-15.4.5 304",
                        "HTTP/1.1 304 Not Modified⏎ETag: 1⏎⏎",
                        "",
                        "HTTP/1.1 304 Not Modified",
                        "ETag: 1"),
                passed(
                                "9110-9.3.2 HEAD with a length",
                                "HTTP/1.1 200 OK⏎Content-Length: 9⏎⏎",
                                "",
                                "HTTP/1.1 200 OK",
                                "Content-Length: 9")
                        .to(HEAD),
                passed(
                                "9110-9.3.2 HEAD with chunks",
                                "HTTP/1.1 200 OK⏎Transfer-Encoding: chunked⏎⏎",
                                "",
                                "HTTP/1.1 200 OK",
                                "Transfer-Encoding: chunked")
                        .to(HEAD),
                passed(
                        "9110-8.6 no content",
                        "HTTP/1.1 200 OK⏎Content-Length: 0⏎⏎",
                        "",
                        "HTTP/1.1 200 OK",
                        "Content-Length: 0"),
                field("9112-2.2 byte by byte", "X: 1", "X: 1").by(AnswerCases::dripping),
                passed("9112-2.3 HTTP/1.0", "HTTP/1.0 200 OK⏎Content-Length: 2⏎⏎ok", "ok", "HTTP/1.1 200 OK", LENGTH)
                        .dropped(),
                passed(
                        "9112-2.3 HTTP/1.0, kept",
                        "HTTP/1.0 200 OK⏎Connection: keep-alive⏎Content-Length: 2⏎⏎ok",
                        "ok",
                        "HTTP/1.1 200 OK",
                        LENGTH),
                passed(
                                "9112-9.3 a client of HTTP/1.0",
                                "HTTP/1.1 200 OK⏎Content-Length: 2⏎⏎ok",
                                "ok",
                                "HTTP/1.1 200 OK",
                                LENGTH,
                                "Connection: close")
                        .to(OLD)
                        .closing());
    }

    private static void dripping(RawBackend.Exchange exchange) throws IOException {
        for (char next : bytes("HTTP/1.1 200 OK⏎X: 1⏎Content-Length: 2⏎⏎ok").toCharArray()) {
            exchange.send(String.valueOf(next));
        }
    }

    private static Stream<AnswerCase> early() {
        String large = "POST /case HTTP/1.1⏎Host: a⏎Content-Length: 5000000⏎⏎" + "x".repeat(5_000_000);
        String refusal = "HTTP/1.1 413 Too much⏎Content-Length: 2⏎⏎no";
        return Stream.of(
                passed(
                                "9112-9.3 an answer before the content, which is read",
                                "",
                                "no",
                                "HTTP/1.1 413 Too much",
                                LENGTH)
                        .to(large)
                        .by(exchange -> {
                            exchange.send(bytes(refusal));
                            exchange.body();
                        })
                        .dropped(),
                passed("9112-9.5 content and answer at once", "", "ok", "HTTP/1.1 200 OK", LENGTH)
                        .to(POST)
                        .by(exchange -> {
                            exchange.send(bytes("HTTP/1.1 200 OK⏎Content-Length: 2⏎⏎"));
                            exchange.body();
                            exchange.send("ok");
                        }));
    }
}
