package io.velo.lanes;

import static io.velo.lanes.RequestCase.passed;
import static io.velo.lanes.RequestCase.refused;

import java.util.stream.Stream;

/** RFC 9112 section 7.1: chunks. Of each bad one the backend must never take a part for the whole. */
final class ChunkCases {

    private static final String HEAD = "POST /x HTTP/1.1⏎Host: a⏎Transfer-Encoding: chunked⏎⏎";
    private static final String SMUGGLED = "GET /smuggled HTTP/1.1⏎Host: a⏎⏎";

    private ChunkCases() {}

    static Stream<RequestCase> all() {
        return Stream.of(legal(), sizes(), extensions(), ends(), trailers()).flatMap(cases -> cases);
    }

    private static RequestCase chunks(String name, String chunks, String content) {
        return passed("9112-7.1 " + name, HEAD + chunks, "POST /x HTTP/1.1", "Transfer-Encoding: chunked")
                .content(content);
    }

    private static Stream<RequestCase> legal() {
        return Stream.of(
                chunks("chunks", "5⏎hello⏎3⏎you⏎0⏎⏎", "helloyou"),
                chunks("no chunk but the last", "0⏎⏎", ""),
                chunks("capital digits", "A⏎0123456789⏎0⏎⏎", "0123456789"),
                chunks("small digits", "a⏎0123456789⏎0⏎⏎", "0123456789"),
                chunks("leading zeros", "0005⏎hello⏎000⏎⏎", "hello"),
                chunks("an extension", "5;a⏎hello⏎0;b⏎⏎", "hello"),
                chunks("an extension with a value", "5;a=1;b=\"c d\"⏎hello⏎0⏎⏎", "hello"),
                chunks("an extension with a quoted semicolon", "5;a=\";5\\\"\"⏎hello⏎0⏎⏎", "hello"),
                chunks("whitespace around an extension", "5 ; a = 1⏎hello⏎0⏎⏎", "hello"),
                chunks("content that looks like chunks", "c⏎0⏎⏎5⏎he⏎⏎0⏎⏎", "0\r\n\r\n5\r\nhe\r\n"),
                chunks("a chunk of 64 KB", "10000⏎" + "x".repeat(65_536) + "⏎0⏎⏎", "x".repeat(65_536)),
                chunks("a trailer", "5⏎hello⏎0⏎X-Sum: 1⏎⏎", "hello"),
                chunks("two trailers", "5⏎hello⏎0⏎X-Sum: 1⏎X-Other: \t2⏎⏎", "hello"),
                passed(
                                "9112-6.1 the coding in capitals",
                                "POST /x HTTP/1.1⏎Host: a⏎tRANSFER-eNCODING: \tCHUNKED ⏎⏎5⏎hello⏎0⏎⏎",
                                "POST /x HTTP/1.1",
                                "Transfer-Encoding: chunked")
                        .content("hello"),
                passed(
                                "9112-7.1 GET with chunks",
                                "GET /x HTTP/1.1⏎Host: a⏎Transfer-Encoding: chunked⏎⏎5⏎hello⏎0⏎⏎",
                                "GET /x HTTP/1.1",
                                "Transfer-Encoding: chunked")
                        .content("hello"),
                passed(
                        "9110-6.6.2 the names of the trailers",
                        "POST /x HTTP/1.1⏎Host: a⏎Trailer: X-Sum⏎Transfer-Encoding: chunked⏎⏎0⏎X-Sum: 1⏎⏎",
                        "POST /x HTTP/1.1",
                        "Transfer-Encoding: chunked"));
    }

    private static RequestCase bad(String name, String chunks) {
        return refused("9112-7.1 " + name, HEAD + chunks + SMUGGLED);
    }

    private static Stream<RequestCase> sizes() {
        return Stream.of(
                bad("no size", "⏎hello⏎0⏎⏎"),
                bad("a letter", "g⏎hello⏎0⏎⏎"),
                bad("a size with a space inside", "5 5⏎hello⏎0⏎⏎"),
                bad("a space before the size", " 5⏎hello⏎0⏎⏎"),
                bad("a tab before the size", "\t5⏎hello⏎0⏎⏎"),
                bad("a space behind the size", "5 ⏎hello⏎0⏎⏎"),
                bad("a tab behind the size", "5\t⏎hello⏎0⏎⏎"),
                bad("a space behind the last size", "5⏎hello⏎0 ⏎⏎"),
                bad("0x before the size", "0x5⏎hello⏎0⏎⏎"),
                bad("a plus sign", "+5⏎hello⏎0⏎⏎"),
                bad("a minus sign", "-5⏎hello⏎0⏎⏎"),
                bad("minus nothing", "5⏎hello⏎-0⏎⏎"),
                bad("quotes", "\"5\"⏎hello⏎0⏎⏎"),
                bad("a comma", "5,5⏎hello⏎0⏎⏎"),
                bad("a control character", "5\u0001⏎hello⏎0⏎⏎"),
                bad("NUL", "5\0⏎hello⏎0⏎⏎"),
                bad("more than 32 bits", "100000005⏎hello⏎0⏎⏎"),
                bad("more than 64 bits", "10000000000000005⏎hello⏎0⏎⏎"),
                bad("LF behind the size", "5\nhello⏎0⏎⏎"),
                bad("CR behind the size", "5\rhello⏎0⏎⏎"),
                bad("CR CR LF behind the size", "5\r⏎hello⏎0⏎⏎"));
    }

    private static Stream<RequestCase> extensions() {
        return Stream.of(
                bad("LF in an extension", "5;a\nhello⏎0⏎⏎"),
                bad("LF in an extension's quotes", "5;a=\"\n\"⏎hello⏎0⏎⏎"),
                bad("CR in an extension", "5;a\rb⏎hello⏎0⏎⏎"),
                bad("CRLF in an extension's quotes", "5;a=\"⏎\"⏎hello⏎0⏎⏎"),
                bad("NUL in an extension", "5;a\0⏎hello⏎0⏎⏎"),
                bad("quotes left open", "5;a=\"b⏎hello⏎0⏎⏎"),
                bad("an extension without a semicolon", "5 a=1⏎hello⏎0⏎⏎"),
                bad("an endless extension", "5;" + "a".repeat(20_000) + "⏎hello⏎0⏎⏎"));
    }

    private static Stream<RequestCase> ends() {
        return Stream.of(
                bad("a chunk that is longer than its size", "5⏎helloo⏎0⏎⏎"),
                bad("no end of a chunk", "5⏎hello0⏎⏎"),
                bad("LF ends a chunk", "5⏎hello\n0⏎⏎"),
                bad("CR ends a chunk", "5⏎hello\r0⏎⏎"),
                bad("LF CR ends a chunk", "5⏎hello\n\r0⏎⏎"),
                bad("LF behind the last size", "5⏎hello⏎0\n⏎"),
                bad("LF ends it all", "5⏎hello⏎0⏎\n"),
                bad("CR ends it all", "5⏎hello⏎0⏎\r"),
                bad("letters where it all should end", "5⏎hello⏎0⏎x"));
    }

    private static RequestCase badTrailer(String name, String trailer) {
        return refused("9110-6.5.1 " + name, HEAD + "5⏎hello⏎0⏎" + trailer + "⏎⏎" + SMUGGLED);
    }

    private static Stream<RequestCase> trailers() {
        return Stream.of(
                badTrailer("a length in the trailers", "Content-Length: 5"),
                badTrailer("a coding in the trailers", "Transfer-Encoding: chunked"),
                badTrailer("Host in the trailers", "hOST: b"),
                badTrailer("Trailer in the trailers", "Trailer: X"),
                badTrailer("Connection in the trailers", "Connection: close"),
                badTrailer("Authorization in the trailers", "Authorization: Basic Og=="),
                badTrailer("a space before the colon of a trailer", "X : 1"),
                badTrailer("a trailer without a colon", "X"),
                badTrailer("a trailer without a name", ": 1"),
                badTrailer("a folded trailer", "X: 1⏎ 2"),
                badTrailer("a folded line before the first trailer", " X: 1"),
                badTrailer("LF between trailers", "X: 1\nY: 2"),
                badTrailer("NUL in a trailer", "X: 1\0"),
                badTrailer("a request line in the trailers", "GET /smuggled HTTP/1.1"),
                badTrailer("endless trailers", "X: 1⏎".repeat(5_000) + "X: 1"));
    }
}
