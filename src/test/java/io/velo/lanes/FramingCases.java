package io.velo.lanes;

import static io.velo.lanes.AnswerCase.GET;
import static io.velo.lanes.AnswerCase.HEAD;
import static io.velo.lanes.AnswerCase.OLD;
import static io.velo.lanes.AnswerCase.bad;
import static io.velo.lanes.AnswerCase.passed;
import static io.velo.lanes.AnswerCase.saying;

import java.util.stream.Stream;

/** RFC 9112 sections 6 and 7: where an answer ends, and what is said behind it. */
final class FramingCases {

    private static final String CHUNKED = "HTTP/1.1 200 OK⏎Transfer-Encoding: chunked⏎⏎";
    private static final String EVIL = "HTTP/1.1 200 OK⏎Content-Length: 4⏎⏎evil";

    private FramingCases() {}

    static Stream<AnswerCase> all() {
        return Stream.of(chunks(), untilTheEnd(), surplus(), doubtful()).flatMap(cases -> cases);
    }

    private static AnswerCase chunks(String name, String chunks, String content) {
        return passed("9112-7.1 " + name, CHUNKED + chunks, content, "HTTP/1.1 200 OK", "Transfer-Encoding: chunked");
    }

    private static AnswerCase trailers(String name, String trailers, String... told) {
        String[] head = Stream.concat(Stream.of("HTTP/1.1 200 OK", "Transfer-Encoding: chunked"), Stream.of(told))
                .toArray(String[]::new);
        return passed("9110-6.5 " + name, CHUNKED + "2⏎ok⏎0⏎" + trailers + "⏎", "ok", head);
    }

    private static Stream<AnswerCase> chunks() {
        return Stream.of(
                chunks("chunks", "2⏎ok⏎1⏎!⏎0⏎⏎", "ok!"),
                chunks("an extension", "2;a=\"b;c\"⏎ok⏎0;d⏎⏎", "ok"),
                chunks("nothing", "0⏎⏎", ""),
                chunks("64 KB", "10000⏎" + "x".repeat(65_536) + "⏎0⏎⏎", "x".repeat(65_536)),
                passed(
                                "9112-7.1 chunks for a client of HTTP/1.0",
                                CHUNKED + "2⏎ok⏎0⏎⏎",
                                "ok",
                                "HTTP/1.1 200 OK",
                                "Connection: close")
                        .to(OLD)
                        .closing(),
                passed(
                                "9112-7.1 chunks for one that wants to keep the connection",
                                CHUNKED + "2⏎ok⏎0⏎⏎",
                                "ok",
                                "HTTP/1.1 200 OK",
                                "Connection: close")
                        .to("GET /case HTTP/1.0⏎Connection: keep-alive⏎⏎")
                        .closing());
    }

    private static AnswerCase untilClose(String name, String head, String content) {
        return passed("9112-6.3 " + name, "", content, "HTTP/1.1 200 OK", "Transfer-Encoding: chunked")
                .by(saying(head + content).thenClose())
                .dropped();
    }

    private static Stream<AnswerCase> untilTheEnd() {
        return Stream.of(
                untilClose("until the connection ends", "HTTP/1.1 200 OK⏎⏎", "ok"),
                untilClose("nothing until the connection ends", "HTTP/1.1 200 OK⏎⏎", ""),
                untilClose("until the connection ends, by HTTP/1.0", "HTTP/1.0 200 OK⏎⏎", "ok"),
                passed(
                                "9112-6.3 until the connection ends, for HTTP/1.0",
                                "",
                                "ok",
                                "HTTP/1.1 200 OK",
                                "Connection: close")
                        .to(OLD)
                        .by(saying("HTTP/1.1 200 OK⏎⏎ok").thenClose())
                        .dropped()
                        .closing());
    }

    private static AnswerCase surplus(String name, String said) {
        return passed("9112-6.3 " + name, said, "ok", "HTTP/1.1 200 OK", "Content-Length: 2")
                .dropped();
    }

    private static AnswerCase noContent(String name, String line, String said) {
        return passed("9112-6.3 " + name, line + "⏎" + said, "", line).dropped();
    }

    private static Stream<AnswerCase> surplus() {
        return Stream.of(
                surplus("more than the length", "HTTP/1.1 200 OK⏎Content-Length: 2⏎⏎ok and more"),
                surplus("another answer", "HTTP/1.1 200 OK⏎Content-Length: 2⏎⏎ok" + EVIL),
                passed(
                                "9112-6.3 another answer behind chunks",
                                CHUNKED + "2⏎ok⏎0⏎⏎" + EVIL,
                                "ok",
                                "HTTP/1.1 200 OK",
                                "Transfer-Encoding: chunked")
                        .dropped(),
                noContent("content behind 204", "HTTP/1.1 204 No Content", "⏎evil"),
                noContent("content behind 204 with a length", "HTTP/1.1 204 No Content", "Content-Length: 4⏎⏎evil"),
                noContent("chunks behind 204", "HTTP/1.1 204 No Content", "Transfer-Encoding: chunked⏎⏎4⏎evil⏎0⏎⏎"),
                noContent("content behind 304", "HTTP/1.1 304 Not Modified", "⏎evil"),
                noContent("another answer behind 304", "HTTP/1.1 304 Not Modified", "⏎" + EVIL),
                passed(
                                "9112-6.3 content behind the answer to HEAD",
                                "HTTP/1.1 200 OK⏎Content-Length: 4⏎⏎evil",
                                "",
                                "HTTP/1.1 200 OK",
                                "Content-Length: 4")
                        .to(HEAD)
                        .dropped());
    }

    private static AnswerCase doubtful(String name, String fields, String rest) {
        return bad("9112-6.3 " + name, "HTTP/1.1 200 OK⏎" + fields + "⏎⏎" + rest)
                .to(GET);
    }

    private static Stream<AnswerCase> doubtful() {
        return Stream.of(
                doubtful("length and chunks", "Content-Length: 2⏎Transfer-Encoding: chunked", "2⏎ok⏎0⏎⏎"),
                doubtful("two lengths", "Content-Length: 2⏎Content-Length: 3", "ok!"),
                doubtful("a list of lengths", "Content-Length: 2, 3", "ok!"),
                doubtful("a length below nothing", "Content-Length: -1", ""),
                doubtful("a length in words", "Content-Length: two", "ok"),
                doubtful("a length with a sign", "Content-Length: +2", "ok"),
                doubtful("gzip", "Transfer-Encoding: gzip", "ok"),
                doubtful("gzip, then chunked", "Transfer-Encoding: gzip, chunked", "2⏎ok⏎0⏎⏎"),
                doubtful("chunked, then gzip", "Transfer-Encoding: chunked, gzip", "2⏎ok⏎0⏎⏎"),
                doubtful("chunked twice", "Transfer-Encoding: chunked⏎Transfer-Encoding: chunked", "2⏎ok⏎0⏎⏎"),
                doubtful("identity", "Transfer-Encoding: identity", "ok"),
                bad("9112-6.1 chunks by HTTP/1.0", "HTTP/1.0 200 OK⏎Transfer-Encoding: chunked⏎⏎2⏎ok⏎0⏎⏎"));
    }
}
