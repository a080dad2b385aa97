package io.velo.lanes;

import static io.velo.lanes.RequestCase.passed;
import static io.velo.lanes.RequestCase.refused;

import java.util.stream.Stream;

/** RFC 9112 sections 6.1 to 6.3, RFC 9110 section 8.6: where a request ends. Each bad one hides a second request. */
final class LengthCases {

    private static final String SMUGGLED = "0⏎⏎GET /smuggled HTTP/1.1⏎Host: a⏎⏎";

    private LengthCases() {}

    static Stream<RequestCase> all() {
        return Stream.of(legal(), lengths(), codings(), both()).flatMap(cases -> cases);
    }

    private static RequestCase body(String name, String method, String field, String content, String... head) {
        String[] lines = Stream.concat(Stream.of(method + " /x HTTP/1.1"), Stream.of(head))
                .toArray(String[]::new);
        return passed(name, method + " /x HTTP/1.1⏎Host: a⏎" + field + "⏎⏎" + content, lines)
                .content(content);
    }

    private static Stream<RequestCase> legal() {
        return Stream.of(
                body("9112-6.2 a length", "POST", "Content-Length: 5", "hello", "Content-Length: 5"),
                body("9112-6.2 a length of nothing", "POST", "Content-Length: 0", "", "Content-Length: 0"),
                body("9112-6.2 leading zeros", "POST", "Content-Length: 005", "hello", "Content-Length: 5"),
                body("9110-9.3.1 GET with content", "GET", "Content-Length: 5", "hello", "Content-Length: 5"),
                body("9110-9.3.2 HEAD with content", "HEAD", "Content-Length: 5", "hello", "Content-Length: 5"),
                body("9110-9.3.5 DELETE with content", "DELETE", "Content-Length: 5", "hello", "Content-Length: 5"),
                body("9110-9.3.7 OPTIONS with content", "OPTIONS", "Content-Length: 5", "hello", "Content-Length: 5"),
                body("9110-9.3.4 PUT", "PUT", "content-length:5", "hello", "Content-Length: 5"),
                body(
                        "9112-6.3 content that looks like a request",
                        "POST",
                        "Content-Length: 21",
                        "GET / HTTP/1.1\r\nHost:",
                        "Content-Length: 21"),
                body("9112-6.2 64 KB", "POST", "Content-Length: 65536", "x".repeat(65_536), "Content-Length: 65536"),
                passed("9112-6.3 no framing is no content", "GET /x HTTP/1.1⏎Host: a⏎⏎", "GET /x HTTP/1.1"),
                passed(
                        "9110-8.6 POST without framing",
                        "POST /x HTTP/1.1⏎Host: a⏎⏎",
                        "POST /x HTTP/1.1",
                        "Content-Length: 0"));
    }

    private static RequestCase bad(String name, String fields) {
        return refused(name, "POST / HTTP/1.1⏎Host: a⏎" + fields + "⏎⏎" + SMUGGLED);
    }

    private static Stream<RequestCase> lengths() {
        return Stream.of(
                bad("9112-6.3 two lengths", "Content-Length: 4⏎Content-Length: 5"),
                bad("9112-6.3 two equal lengths", "Content-Length: 5⏎Content-Length: 5"),
                bad("9112-6.3 two lengths in different cases", "Content-Length: 0⏎content-length: 5"),
                bad("9112-6.3 a list of lengths", "Content-Length: 4, 5"),
                bad("9112-6.3 a list of equal lengths", "Content-Length: 5, 5"),
                bad("9110-8.6 a plus sign", "Content-Length: +5"),
                bad("9110-8.6 a minus sign", "Content-Length: -5"),
                bad("9110-8.6 minus nothing", "Content-Length: -0"),
                bad("9110-8.6 a space inside", "Content-Length: 1 0"),
                bad("9110-8.6 hexadecimal", "Content-Length: 0x5"),
                bad("9110-8.6 hexadecimal without a mark", "Content-Length: a"),
                bad("9110-8.6 a fraction", "Content-Length: 5.0"),
                bad("9110-8.6 an exponent", "Content-Length: 1e1"),
                bad("9110-8.6 an underscore", "Content-Length: 1_0"),
                bad("9110-8.6 a word", "Content-Length: five"),
                bad("9110-8.6 quotes", "Content-Length: \"5\""),
                bad("9110-8.6 a semicolon", "Content-Length: 5;"),
                bad("9110-8.6 digits beyond ASCII", "Content-Length: \u00b2"),
                bad("9110-8.6 no value", "Content-Length:"),
                bad("9110-8.6 more than 64 bits", "Content-Length: 18446744073709551621"),
                bad("9110-8.6 more than 63 bits", "Content-Length: 9223372036854775808"),
                bad("9112-5.1 a space before the colon of the length", "Content-Length : 5"),
                bad("9112-5.2 a folded length", "Content-Length:⏎ 5"),
                bad("9112-5.2 a length hidden in a folded line", "X: 1⏎\tContent-Length: 5"));
    }

    private static Stream<RequestCase> codings() {
        return Stream.of(
                bad("9112-6.1 an unknown coding", "Transfer-Encoding: cow"),
                bad("9112-6.1 identity", "Transfer-Encoding: identity"),
                bad("9112-7 gzip", "Transfer-Encoding: gzip"),
                bad("9112-7 gzip, then chunked", "Transfer-Encoding: gzip, chunked"),
                bad("9112-6.1 chunked is not the last", "Transfer-Encoding: chunked, gzip"),
                bad("9112-6.1 chunked twice", "Transfer-Encoding: chunked, chunked"),
                bad("9112-6.1 chunked and an unknown one", "Transfer-Encoding: chunked, cow"),
                bad("9112-6.1 chunked and nothing", "Transfer-Encoding: chunked,"),
                bad("9112-6.1 nothing and chunked", "Transfer-Encoding: , chunked"),
                bad("9112-6.1 no value", "Transfer-Encoding:"),
                bad("9112-6.1 two fields", "Transfer-Encoding: chunked⏎Transfer-Encoding: chunked"),
                bad("9112-6.1 two fields, one unknown", "Transfer-Encoding: chunked⏎Transfer-Encoding: x"),
                bad("9112-6.1 two fields, the first unknown", "Transfer-encoding: identity⏎Transfer-Encoding: chunked"),
                bad("9112-6.1 letters before it", "Transfer-Encoding: xchunked"),
                bad("9112-6.1 letters behind it", "Transfer-Encoding: chunkedx"),
                bad("9112-6.1 quotes", "Transfer-Encoding: \"chunked\""),
                bad("9112-6.1 a parameter", "Transfer-Encoding: chunked;q=1"),
                bad("9112-6.1 a semicolon", "Transfer-Encoding: chunked;"),
                bad("9112-5.1 a space before the colon of the coding", "Transfer-Encoding : chunked"),
                bad("9112-5.1 a tab before the colon of the coding", "Transfer-Encoding\t: chunked"),
                bad("9112-5.2 a folded coding", "Transfer-Encoding:⏎ chunked"),
                bad("9112-5.2 a coding hidden in a folded line", "X: 1⏎ Transfer-Encoding: chunked"),
                bad("9112-5 a coding behind CR", "X: 1\rTransfer-Encoding: chunked"),
                bad("9112-5 a coding behind LF", "X: 1\nTransfer-Encoding: chunked"),
                bad("9110-5.5 a vertical tab before it", "Transfer-Encoding:\u000bchunked"),
                bad("9110-5.5 a vertical tab behind it", "Transfer-Encoding: chunked\u000b"),
                bad("9110-5.5 NUL behind it", "Transfer-Encoding: chunked\0"),
                bad("9110-5.5 a no-break space before it", "Transfer-Encoding: \u00a0chunked"),
                bad("9110-5.1 a no-break space in the name", "Transfer\u00a0Encoding: chunked⏎Transfer-Encoding: cow"));
    }

    private static Stream<RequestCase> both() {
        return Stream.of(
                bad("9112-6.1 length, then chunked", "Content-Length: 4⏎Transfer-Encoding: chunked"),
                bad("9112-6.1 chunked, then length", "Transfer-Encoding: chunked⏎Content-Length: 4"),
                bad("9112-6.1 chunked in capitals and length", "TRANSFER-ENCODING: CHUNKED⏎CONTENT-LENGTH: 4"),
                bad("9112-6.1 a length of nothing and chunked", "Content-Length: 0⏎Transfer-Encoding: chunked"),
                bad("9112-6.1 an unknown coding and length", "Transfer-Encoding: cow⏎Content-Length: 4"),
                refused(
                        "9112-6.1 chunked by HTTP/1.0",
                        "POST / HTTP/1.0⏎Host: a⏎Transfer-Encoding: chunked⏎⏎" + SMUGGLED),
                refused(
                        "9112-6.1 chunked and kept alive by HTTP/1.0",
                        "POST / HTTP/1.0⏎Host: a⏎Connection: keep-alive⏎Transfer-Encoding: chunked⏎⏎" + SMUGGLED),
                refused(
                        "9112-6.3 a list of lengths by HTTP/1.0",
                        "POST / HTTP/1.0⏎Host: a⏎Content-Length: 0, 5⏎⏎" + SMUGGLED),
                refused(
                        "9112-6.3 a list of equal lengths by HTTP/1.0",
                        "POST / HTTP/1.0⏎Host: a⏎Content-Length: 0, 0⏎⏎" + SMUGGLED),
                refused(
                        "9112-6.3 two lengths by HTTP/1.0",
                        "POST / HTTP/1.0⏎Host: a⏎Content-Length: 0⏎Content-Length: 5⏎⏎" + SMUGGLED));
    }
}
