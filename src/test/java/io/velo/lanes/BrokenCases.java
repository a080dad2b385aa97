package io.velo.lanes;

import static io.velo.lanes.AnswerCase.bad;
import static io.velo.lanes.AnswerCase.cut;
import static io.velo.lanes.AnswerCase.failed;
import static io.velo.lanes.AnswerCase.saying;

import java.util.stream.Stream;

/** Backends that break off, fall silent or talk nonsense, at each stage of an answer. */
final class BrokenCases {

    private static final String LENGTH = "HTTP/1.1 200 OK⏎Content-Length: 10⏎⏎";
    private static final String CHUNKED = "HTTP/1.1 200 OK⏎Transfer-Encoding: chunked⏎⏎";

    private BrokenCases() {}

    static Stream<AnswerCase> all() {
        return Stream.of(ends(), resets(), silence(), nonsense(), brokenBodies())
                .flatMap(cases -> cases);
    }

    private static AnswerCase ended(String name, String said) {
        return failed(
                502, "connection_terminated", "9112-8 end " + name, saying(said).thenClose());
    }

    private static AnswerCase cutOff(String name, String said) {
        return cut("9112-8 end " + name, saying(said).thenClose());
    }

    private static Stream<AnswerCase> ends() {
        return Stream.of(
                ended("before the answer", ""),
                ended("inside the status line", "HTTP/1.1 2"),
                ended("behind the status line", "HTTP/1.1 200 OK⏎"),
                ended("inside the head", "HTTP/1.1 200 OK⏎Content-Le"),
                ended("behind an interim answer", "HTTP/1.1 100 Continue⏎⏎"),
                cutOff("behind the head", LENGTH),
                cutOff("inside the content", LENGTH + "half"),
                cutOff("before the first chunk", CHUNKED),
                cutOff("inside a size", CHUNKED + "2⏎ok⏎1"),
                cutOff("inside a chunk", CHUNKED + "9⏎half"),
                cutOff("behind a chunk", CHUNKED + "2⏎ok⏎"),
                cutOff("before the last empty line", CHUNKED + "2⏎ok⏎0⏎"),
                cutOff("inside the trailers", CHUNKED + "2⏎ok⏎0⏎X: 1⏎"));
    }

    private static AnswerCase reset(String name, String said) {
        return failed(
                502,
                "connection_terminated",
                "9112-8 reset " + name,
                saying(said).thenReset());
    }

    private static AnswerCase cutByReset(String name, String said) {
        return cut("9112-8 reset " + name, saying(said).thenReset());
    }

    private static Stream<AnswerCase> resets() {
        return Stream.of(
                reset("before the answer", ""),
                reset("inside the head", "HTTP/1.1 200 OK⏎Conte"),
                failed(
                        502,
                        "connection_terminated",
                        "9112-8 reset before the request was read",
                        exchange -> exchange.reset()),
                cutByReset("inside the content", LENGTH + "half"),
                cutByReset("inside a chunk", CHUNKED + "9⏎half"));
    }

    private static Stream<AnswerCase> silence() {
        return Stream.of(
                failed(
                        504,
                        "http_response_timeout",
                        "9110-15.6.5 no answer",
                        saying("").thenHold()),
                failed(
                        504,
                        "http_response_timeout",
                        "9110-15.6.5 half a head",
                        saying("HTTP/1.1 200 OK⏎X: 1").thenHold()),
                failed(
                        504,
                        "http_response_timeout",
                        "9110-15.6.5 only an interim answer",
                        saying("HTTP/1.1 100 Continue⏎⏎").thenHold()),
                cut("9112-8 silence inside the content", saying(LENGTH + "half").thenHold()),
                cut("9112-8 silence inside a chunk", saying(CHUNKED + "9⏎half").thenHold()));
    }

    private static Stream<AnswerCase> nonsense() {
        return Stream.of(
                bad("9112-4 no HTTP", "SSH-2.0-OpenSSH_9.2⏎⏎"),
                bad("9112-4 TLS", "\u0015\u0003\u0001\0\u0002\u0002\u0028⏎"),
                bad("9112-4 no status", "HTTP/1.1 OK⏎⏎"),
                bad("9112-4 two digits", "HTTP/1.1 20 OK⏎Content-Length: 0⏎⏎"),
                bad("9112-4 four digits", "HTTP/1.1 2000 OK⏎Content-Length: 0⏎⏎"),
                bad("9112-4 a status of nothing", "HTTP/1.1 000 OK⏎Content-Length: 0⏎⏎"),
                bad("9112-4 a status below nothing", "HTTP/1.1 -20 OK⏎Content-Length: 0⏎⏎"),
                bad("9112-2.3 another version", "HTTP/9.9 200 OK⏎Content-Length: 0⏎⏎"),
                bad("9112-2.3 HTTP/2.0", "HTTP/2.0 200 OK⏎Content-Length: 0⏎⏎"),
                bad("9112-2.3 another protocol", "ICY 200 OK⏎Content-Length: 0⏎⏎"),
                bad("9112-2.2 LF", "HTTP/1.1 200 OK\nContent-Length: 0\n\n"),
                bad("9112-5 no colon", "HTTP/1.1 200 OK⏎X⏎Content-Length: 0⏎⏎"),
                bad("9112-5 no name", "HTTP/1.1 200 OK⏎: x⏎Content-Length: 0⏎⏎"),
                bad("9110-5.5 NUL in a value", "HTTP/1.1 200 OK⏎X: a\0b⏎Content-Length: 0⏎⏎"),
                bad("9110-5.5 CR in a value", "HTTP/1.1 200 OK⏎X: a\rb⏎Content-Length: 0⏎⏎"),
                bad("9110-5.1 a space in a name", "HTTP/1.1 200 OK⏎X Y: a⏎Content-Length: 0⏎⏎"),
                bad("9110-5.4 a huge head", "HTTP/1.1 200 OK⏎X: " + "y".repeat(200_000) + "⏎⏎"),
                bad("9110-5.4 fields without end", "HTTP/1.1 200 OK⏎" + "X: 1⏎".repeat(20_000)),
                bad("9112-4 a line without end", "HTTP/1.1 200 " + "x".repeat(200_000)));
    }

    private static AnswerCase broken(String name, String chunks) {
        return cut("9112-7.1 " + name, saying(CHUNKED + "3⏎abc⏎" + chunks).thenHold());
    }

    private static Stream<AnswerCase> brokenBodies() {
        return Stream.of(
                broken("letters for a size", "zz⏎ok⏎0⏎⏎"),
                broken("a size below nothing", "-2⏎ok⏎0⏎⏎"),
                broken("more than the size", "2⏎okk⏎0⏎⏎"),
                broken("a size beyond all bounds", "fffffffffffffffff⏎ok⏎0⏎⏎"),
                broken("LF behind a size", "2\nok⏎0⏎⏎"),
                broken("LF in an extension", "2;a\nok⏎0⏎⏎"),
                broken("LF behind a chunk", "2⏎ok\n0⏎⏎"),
                broken("NUL in a trailer", "0⏎X: \0⏎⏎"));
    }
}
