package io.velo.lanes;

import static io.velo.lanes.RequestCase.answered;
import static io.velo.lanes.RequestCase.passed;
import static io.velo.lanes.RequestCase.refused;

import java.util.stream.Stream;

/** RFC 9110 sections 7.6, 7.8, 9.3.7, 9.3.8, 10.1.1 and 10.1.4: what is for this hop only. */
final class HopCases {

    private HopCases() {}

    static Stream<RequestCase> all() {
        return Stream.of(connection(), fields(), via(), forwarded(), maxForwards(), expect(), upgrade())
                .flatMap(cases -> cases);
    }

    private static RequestCase get(String name, String sent, String... arriving) {
        String[] head =
                Stream.concat(Stream.of("GET /x HTTP/1.1"), Stream.of(arriving)).toArray(String[]::new);
        return passed(name, "GET /x HTTP/1.1⏎Host: a⏎" + sent + "⏎⏎", head);
    }

    private static Stream<RequestCase> connection() {
        return Stream.of(
                get("9110-7.6.1 a named field", "Connection: X-Hop⏎X-Hop: 1⏎X: 1", "X: 1"),
                get("9110-7.6.1 named fields", "Connection: X-A, ,x-b\t,X-C⏎X-A: 1⏎X-B: 2⏎X-B: 3⏎X-C: 4⏎X: 1", "X: 1"),
                get("9110-7.6.1 in two fields", "X-A: 1⏎Connection: X-A⏎X-B: 2⏎Connection: X-B"),
                get("9110-7.6.1 a named field that isn't there", "Connection: X-Hop⏎X: 1", "X: 1"),
                get("9110-7.6.1 end-to-end fields may be named", "Connection: Cookie⏎Cookie: a=1⏎X: 1", "X: 1"),
                get("9110-7.6.1 Host can't be named away", "Connection: Host"),
                get("9110-7.6.1 nor what Velo says", "Connection: X-Forwarded-For, Via, X-Forwarded-Host⏎Via: 1.1 x"),
                passed(
                                "9110-7.6.1 nor the length",
                                "POST /x HTTP/1.1⏎Host: a⏎Connection: Content-Length⏎Content-Length: 2⏎⏎hi",
                                "POST /x HTTP/1.1",
                                "Content-Length: 2")
                        .content("hi"),
                passed(
                                "9110-7.6.1 nor the coding",
                                "POST /x HTTP/1.1⏎Host: a⏎Connection: Transfer-Encoding⏎Transfer-Encoding: chunked⏎⏎2⏎hi⏎0⏎⏎",
                                "POST /x HTTP/1.1",
                                "Transfer-Encoding: chunked")
                        .content("hi"),
                get("9110-7.6.1 named and closed", "Connection: close, X-Hop⏎X-Hop: 1")
                        .closing());
    }

    private static Stream<RequestCase> fields() {
        return Stream.of(
                get("9110-7.6.1 Keep-Alive", "Keep-Alive: timeout=5⏎X: 1", "X: 1"),
                get("9110-7.6.1 Proxy-Connection", "Proxy-Connection: close, X⏎X: 1", "X: 1"),
                get("9110-10.1.4 TE", "TE: trailers⏎Connection: TE"),
                get("9110-10.1.4 TE with codings", "TE: gzip;q=0.5, trailers"),
                get("9110-6.6.2 Trailer", "Trailer: X-Sum"),
                get("9110-11.7.2 Proxy-Authorization", "Proxy-Authorization: Basic Og=="));
    }

    private static Stream<RequestCase> via() {
        return Stream.of(
                get("9110-7.6.3 Via grows", "Via: 1.0 fred, 1.1 p.test", "Via: 1.0 fred, 1.1 p.test"),
                get(
                        "9110-7.6.3 Via in two fields",
                        "Via: 1.0 fred⏎Via: 1.1 p.test",
                        "Via: 1.0 fred",
                        "Via: 1.1 p.test"));
    }

    private static Stream<RequestCase> forwarded() {
        return Stream.of(
                get(
                        "7239-8 X-Forwarded-* of nobody we know",
                        "X-Forwarded-For: 6.6.6.6⏎X-Forwarded-Proto: https⏎"
                                + "X-Forwarded-Host: evil⏎X-Forwarded-Port: 1⏎X-Forwarded-Prefix: /evil"),
                get("7239-8 Forwarded of nobody we know", "Forwarded: for=6.6.6.6"),
                get("7239-8 X-Forwarded-For twice", "x-forwarded-for: 6.6.6.6⏎X-FORWARDED-FOR: 7.7.7.7"));
    }

    private static RequestCase options(String name, String maxForwards, String arriving) {
        return passed(
                "9110-7.6.2 " + name,
                "OPTIONS /x HTTP/1.1⏎Host: a⏎Content-Length: 0⏎Max-Forwards: " + maxForwards + "⏎⏎",
                "OPTIONS /x HTTP/1.1",
                "Content-Length: 0",
                "Max-Forwards: " + arriving);
    }

    private static RequestCase badOptions(String name, String fields) {
        return refused("9110-7.6.2 " + name, "OPTIONS /x HTTP/1.1⏎Host: a⏎" + fields + "⏎⏎");
    }

    private static Stream<RequestCase> maxForwards() {
        return Stream.of(
                options("one hop more", "1", "0"),
                options("ten hops more", "10", "9"),
                options("no end of hops", "99999999999", "2147483646"),
                answered(200, "9110-7.6.2 no hop more", "OPTIONS /x HTTP/1.1⏎Host: a⏎Max-Forwards: 0⏎⏎"),
                answered(200, "9110-7.6.2 no hop more for *", "OPTIONS * HTTP/1.1⏎Host: a⏎Max-Forwards: 0⏎⏎"),
                badOptions("less than no hop", "Max-Forwards: -1"),
                badOptions("hops that are none", "Max-Forwards: one"),
                badOptions("hops twice", "Max-Forwards: 1⏎Max-Forwards: 0"),
                get("9110-7.6.2 says nothing to GET", "Max-Forwards: 0", "Max-Forwards: 0"),
                answered(200, "9110-9.3.7 OPTIONS *", "OPTIONS * HTTP/1.1⏎Host: a⏎⏎"),
                answered(200, "9112-3.2.4 OPTIONS in absolute form", "OPTIONS http://a HTTP/1.1⏎Host: a⏎⏎"),
                answered(200, "9110-9.3.7 OPTIONS * with content", "OPTIONS * HTTP/1.1⏎Host: a⏎Content-Length: 2⏎⏎hi"),
                passed(
                        "9112-3.2.4 OPTIONS in absolute form with a path",
                        "OPTIONS http://a/x HTTP/1.1⏎Host: a⏎Content-Length: 0⏎⏎",
                        "OPTIONS /x HTTP/1.1",
                        "Content-Length: 0"),
                refused("9110-9.3.8 TRACE", "TRACE /x HTTP/1.1⏎Host: a⏎⏎"),
                refused("9110-9.3.8 TRACE with hops", "TRACE /x HTTP/1.1⏎Host: a⏎Max-Forwards: 1⏎⏎"),
                refused("9110-9.3.8 TRACE without hops", "TRACE /x HTTP/1.1⏎Host: a⏎Max-Forwards: 0⏎⏎"));
    }

    private static Stream<RequestCase> expect() {
        return Stream.of(
                passed(
                                "9110-10.1.1 Velo says go on, and the backend isn't asked",
                                "POST /x HTTP/1.1⏎Host: a⏎Content-Length: 2⏎Expect: 100-continue⏎⏎hi",
                                "POST /x HTTP/1.1",
                                "Content-Length: 2")
                        .content("hi")
                        .answers(100, 200),
                passed(
                                "9110-10.1.1 the same with chunks",
                                "POST /x HTTP/1.1⏎Host: a⏎Transfer-Encoding: chunked⏎eXPECT: 100-Continue⏎⏎2⏎hi⏎0⏎⏎",
                                "POST /x HTTP/1.1",
                                "Transfer-Encoding: chunked")
                        .content("hi")
                        .answers(100, 200),
                get("9110-10.1.1 nothing to go on with", "Expect: 100-continue"),
                refused(417, "9110-10.1.1 another expectation", "GET / HTTP/1.1⏎Host: a⏎Expect: wonders⏎⏎"),
                refused(
                        417,
                        "9110-10.1.1 another expectation besides",
                        "POST / HTTP/1.1⏎Host: a⏎Content-Length: 2⏎Expect: 100-continue, wonders⏎⏎hi"));
    }

    private static Stream<RequestCase> upgrade() {
        return Stream.of(
                get(
                        "9110-7.8 to HTTP/2",
                        "Connection: Upgrade, HTTP2-Settings⏎Upgrade: h2c⏎HTTP2-Settings: AAMAAABkAAQAAP__"),
                get("9110-7.8 to TLS", "Connection: upgrade⏎Upgrade: TLS/1.2, HTTP/1.1"),
                get("9110-7.8 not named by Connection", "Upgrade: foo/2"));
    }
}
