package io.velo.lanes;

import static io.velo.lanes.RequestCase.passed;
import static io.velo.lanes.RequestCase.refused;

import java.util.stream.Stream;

/** RFC 9112 sections 2.2, 2.3, 3 and 3.1: how a request begins. */
final class RequestLineCases {

    private RequestLineCases() {}

    static Stream<RequestCase> all() {
        return Stream.of(legal(), separators(), versions(), ends(), lengths()).flatMap(cases -> cases);
    }

    private static Stream<RequestCase> legal() {
        return Stream.of(
                passed("9112-2.2 an empty line before it", "⏎GET /x HTTP/1.1⏎Host: a⏎⏎", "GET /x HTTP/1.1"),
                passed("9112-2.2 three empty lines before it", "⏎⏎⏎GET /x HTTP/1.1⏎Host: a⏎⏎", "GET /x HTTP/1.1"),
                passed(
                        "9110-9.1 every character a method may have",
                        "!#$%&'*+-.^_`|~09Az /x HTTP/1.1⏎Host: a⏎⏎",
                        "!#$%&'*+-.^_`|~09Az /x HTTP/1.1",
                        "Content-Length: 0"),
                passed(
                        "9110-9.1 methods are case-sensitive",
                        "get /x HTTP/1.1⏎Host: a⏎⏎",
                        "get /x HTTP/1.1",
                        "Content-Length: 0"),
                passed(
                        "9110-9.1 a long method",
                        "M".repeat(200) + " /x HTTP/1.1⏎Host: a⏎⏎",
                        "M".repeat(200) + " /x HTTP/1.1",
                        "Content-Length: 0"),
                passed("9110-9.3.2 HEAD", "HEAD /x HTTP/1.1⏎Host: a⏎⏎", "HEAD /x HTTP/1.1"),
                passed(
                        "9110-9.3.7 OPTIONS",
                        "OPTIONS /x HTTP/1.1⏎Host: a⏎⏎",
                        "OPTIONS /x HTTP/1.1",
                        "Content-Length: 0"));
    }

    private static Stream<RequestCase> separators() {
        return Stream.of(
                refused("9112-3 two spaces before the target", "GET  / HTTP/1.1⏎Host: a⏎⏎"),
                refused("9112-3 two spaces before the version", "GET /  HTTP/1.1⏎Host: a⏎⏎"),
                refused("9112-3 a tab before the target", "GET\t/ HTTP/1.1⏎Host: a⏎⏎"),
                refused("9112-3 a tab before the version", "GET /\tHTTP/1.1⏎Host: a⏎⏎"),
                refused("9112-3 a vertical tab as separator", "GET\u000b/ HTTP/1.1⏎Host: a⏎⏎"),
                refused("9112-3 a form feed as separator", "GET /\fHTTP/1.1⏎Host: a⏎⏎"),
                refused("9112-3 a bare CR as separator", "GET\r/ HTTP/1.1⏎Host: a⏎⏎"),
                refused("9112-3 a bare CR behind the separator", "GET / \rHTTP/1.1⏎Host: a⏎⏎"),
                refused("9112-3 a space before the method", " GET / HTTP/1.1⏎Host: a⏎⏎"),
                refused("9112-3 a tab before the method", "\tGET / HTTP/1.1⏎Host: a⏎⏎"),
                refused("9112-3 a space at the end", "GET / HTTP/1.1 ⏎Host: a⏎⏎"),
                refused("9112-3 a tab at the end", "GET / HTTP/1.1\t⏎Host: a⏎⏎"),
                refused("9112-3.2 a space in the target", "GET /a b HTTP/1.1⏎Host: a⏎⏎"),
                refused("9112-3 four words", "GET / HTTP/1.1 x⏎Host: a⏎⏎"),
                refused("9112-3 no target", "GET HTTP/1.1⏎Host: a⏎⏎"),
                refused("9112-3 only a method", "GET⏎Host: a⏎⏎"),
                refused("9110-9.1 a quote in the method", "GE\"T / HTTP/1.1⏎Host: a⏎⏎"),
                refused("9110-9.1 a colon in the method", "GE:T / HTTP/1.1⏎Host: a⏎⏎"),
                refused("9110-9.1 NUL in the method", "GE\0T / HTTP/1.1⏎Host: a⏎⏎"),
                refused("9110-9.1 a byte beyond ASCII in the method", "GÉT / HTTP/1.1⏎Host: a⏎⏎"),
                refused("9112-2.2 the beginning of a TLS handshake", "\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc"),
                refused("9112-2.2 words that are no HTTP", "hello velo⏎⏎"));
    }

    private static Stream<RequestCase> versions() {
        return Stream.of(
                refused("9112-2.3 HTTP/0.9", "GET /⏎⏎"),
                refused("9112-2.3 no version, but fields", "GET /⏎Host: a⏎⏎"),
                refused("9112-2.3 lower case", "GET / http/1.1⏎Host: a⏎⏎"),
                refused("9112-2.3 mixed case", "GET / Http/1.1⏎Host: a⏎⏎"),
                refused("9112-2.3 HTTP/2.0", "GET / HTTP/2.0⏎Host: a⏎⏎"),
                refused("9112-2.3 a higher minor version", "GET / HTTP/1.9⏎Host: a⏎⏎"),
                refused("9112-2.3 a lower major version", "GET / HTTP/0.1⏎Host: a⏎⏎"),
                refused("9112-2.3 two digits", "GET / HTTP/1.10⏎Host: a⏎⏎"),
                refused("9112-2.3 a leading zero", "GET / HTTP/01.1⏎Host: a⏎⏎"),
                refused("9112-2.3 no dot", "GET / HTTP/11⏎Host: a⏎⏎"),
                refused("9112-2.3 no minor version", "GET / HTTP/1⏎Host: a⏎⏎"),
                refused("9112-2.3 letters behind it", "GET / HTTP/1.1x⏎Host: a⏎⏎"),
                refused("9112-2.3 a space inside", "GET / HTTP/ 1.1⏎Host: a⏎⏎"),
                refused("9112-2.3 another protocol", "GET / ICAP/1.0⏎Host: a⏎⏎"),
                refused("9113-3.4 the preface of HTTP/2", "PRI * HTTP/2.0⏎⏎SM⏎⏎"));
    }

    private static Stream<RequestCase> ends() {
        return Stream.of(
                refused("9112-2.2 LF ends the line", "GET / HTTP/1.1\nHost: a⏎⏎"),
                refused("9112-2.2 CR ends the line", "GET / HTTP/1.1\rHost: a⏎⏎"),
                refused("9112-2.2 CR CR LF ends the line", "GET / HTTP/1.1\r⏎Host: a⏎⏎"),
                refused("9112-2.2 LF is the empty line before it", "\nGET / HTTP/1.1⏎Host: a⏎⏎"),
                refused("9112-2.2 CR is the empty line before it", "\rGET / HTTP/1.1⏎Host: a⏎⏎"),
                refused("9112-2.2 a space before the first field", "GET / HTTP/1.1⏎ Host: a⏎⏎"),
                refused("9112-2.2 a tab before the first field", "GET / HTTP/1.1⏎\tX: 1⏎Host: a⏎⏎"),
                refused("9112-2.2 a line of a space before the first field", "GET / HTTP/1.1⏎ ⏎Host: a⏎⏎"));
    }

    private static Stream<RequestCase> lengths() {
        return Stream.of(
                passed(
                        "9112-3 8000 bytes of target",
                        "GET /" + "x".repeat(8000) + " HTTP/1.1⏎Host: a⏎⏎",
                        "GET /" + "x".repeat(8000) + " HTTP/1.1"),
                refused(414, "9112-3 a target that is too long", "GET /" + "x".repeat(10_000) + " HTTP/1.1⏎Host: a⏎⏎"),
                refused(414, "9112-3 a line without an end", "GET /" + "x".repeat(20_000)));
    }
}
