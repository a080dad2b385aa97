package io.velo.lanes;

import static io.velo.lanes.RequestCase.passed;
import static io.velo.lanes.RequestCase.refused;

import java.util.stream.Stream;

/** RFC 9112 section 9 and appendix C: connections that are kept, closed and pipelined on, and HTTP/1.0. */
final class ConnectionCases {

    private ConnectionCases() {}

    static Stream<RequestCase> all() {
        return Stream.of(kept(), oldProtocol(), pipelined(), pipelinedBadly()).flatMap(cases -> cases);
    }

    private static RequestCase get(String name, String field) {
        return passed("9112-9.3 " + name, "GET /x HTTP/1.1⏎Host: a⏎" + field + "⏎⏎", "GET /x HTTP/1.1");
    }

    private static Stream<RequestCase> kept() {
        return Stream.of(
                get("kept if asked for", "Connection: keep-alive"),
                get("closed if asked for", "Connection: close").closing(),
                get("closed if asked for in capitals", "CONNECTION: CLOSE").closing(),
                get("closed if close is one of several", "Connection: X-Y , close,\tX-Z")
                        .closing(),
                get("closed if close is in the second field", "Connection: keep-alive⏎Connection: close")
                        .closing(),
                get("kept if a word only looks like close", "Connection: closed"),
                get("kept if Connection is empty", "Connection:"));
    }

    private static RequestCase old(String name, String sent, String... head) {
        return passed("9112-9.3 HTTP/1.0: " + name, sent, head).via("1.0 velo");
    }

    private static Stream<RequestCase> oldProtocol() {
        return Stream.of(
                old("closed", "GET /x HTTP/1.0⏎Host: a⏎⏎", "GET /x HTTP/1.1").closing(),
                old("without Host", "GET /x HTTP/1.0⏎⏎", "GET /x HTTP/1.1").closing(),
                old("kept if asked for", "GET /x HTTP/1.0⏎Host: a⏎Connection: keep-alive⏎⏎", "GET /x HTTP/1.1"),
                old("kept if asked for in capitals", "GET /x HTTP/1.0⏎Connection: Keep-Alive⏎⏎", "GET /x HTTP/1.1"),
                old("closed if asked for both", "GET /x HTTP/1.0⏎Connection: keep-alive, close⏎⏎", "GET /x HTTP/1.1")
                        .closing(),
                old("Keep-Alive alone says nothing", "GET /x HTTP/1.0⏎Keep-Alive: timeout=5⏎⏎", "GET /x HTTP/1.1")
                        .closing(),
                old(
                                "Proxy-Connection says nothing",
                                "GET /x HTTP/1.0⏎Proxy-Connection: keep-alive⏎⏎",
                                "GET /x HTTP/1.1")
                        .closing(),
                old("with content", "POST /x HTTP/1.0⏎Content-Length: 2⏎⏎hi", "POST /x HTTP/1.1", "Content-Length: 2")
                        .content("hi")
                        .closing(),
                old("HEAD", "HEAD /x HTTP/1.0⏎⏎", "HEAD /x HTTP/1.1").closing(),
                old("absolute form names the host", "GET http://b/x HTTP/1.0⏎⏎", "GET /x HTTP/1.1")
                        .host("b")
                        .closing(),
                old(
                                "no 100",
                                "POST /x HTTP/1.0⏎Content-Length: 2⏎Expect: 100-continue⏎⏎hi",
                                "POST /x HTTP/1.1",
                                "Content-Length: 2")
                        .content("hi")
                        .closing());
    }

    private static RequestCase one(String method, String target) {
        return passed("", method + " " + target + " HTTP/1.1⏎Host: a⏎⏎", method + " " + target + " HTTP/1.1");
    }

    private static RequestCase first() {
        return one("GET", "/first");
    }

    private static RequestCase named(String name, RequestCase each) {
        return new RequestCase("9112-9.3.2 " + name, each.sent(), each.statuses(), each.kept(), each.arrivals());
    }

    private static RequestCase post(String target, String content) {
        String length = "Content-Length: " + content.length();
        return passed(
                        "",
                        "POST " + target + " HTTP/1.1⏎Host: a⏎" + length + "⏎⏎",
                        "POST " + target + " HTTP/1.1",
                        length)
                .content(content)
                .then(new RequestCase("", content, java.util.List.of(), true, java.util.List.of()));
    }

    private static RequestCase chunked(String target) {
        return passed(
                        "",
                        "POST " + target + " HTTP/1.1⏎Host: a⏎Transfer-Encoding: chunked⏎⏎2⏎hi⏎0⏎⏎",
                        "POST " + target + " HTTP/1.1",
                        "Transfer-Encoding: chunked")
                .content("hi");
    }

    private static Stream<RequestCase> pipelined() {
        RequestCase forty = first();
        for (int i = 1; i < 40; i++) {
            forty = forty.then(one("GET", "/" + i));
        }
        return Stream.of(
                named("two", first().then(one("GET", "/second"))),
                named("forty", forty),
                named("with lengths", post("/1", "one").then(post("/2", "")).then(post("/3", "three"))),
                named("with chunks", chunked("/1").then(chunked("/2")).then(first())),
                named(
                        "an empty line between",
                        post("/1", "one").then(passed("", "⏎GET /2 HTTP/1.1⏎Host: a⏎⏎", "GET /2 HTTP/1.1"))),
                named(
                        "methods of all kinds",
                        first().then(one("DELETE", "/")).then(post("/p", "p")).then(chunked("/c"))),
                named(
                        "nothing behind close is looked at",
                        closed().then(lost("GET /lost HTTP/1.1⏎Host: a⏎⏎")).closing()),
                named(
                        "nothing behind HTTP/1.0 is looked at",
                        old("", "GET /x HTTP/1.0⏎⏎", "GET /x HTTP/1.1")
                                .then(lost("GET /lost HTTP/1.1⏎Host: a⏎⏎"))
                                .closing()),
                named(
                        "what is bad behind close is not looked at",
                        closed().then(lost("nonsense⏎⏎")).closing()));
    }

    private static RequestCase closed() {
        return passed("", "GET /x HTTP/1.1⏎Host: a⏎Connection: close⏎⏎", "GET /x HTTP/1.1")
                .closing();
    }

    private static RequestCase lost(String sent) {
        return new RequestCase("", RequestCase.bytes(sent), java.util.List.of(), false, java.util.List.of());
    }

    private static Stream<RequestCase> pipelinedBadly() {
        return Stream.of(
                named("a bad one behind a good one", first().then(refused("", "GET /a b HTTP/1.1⏎Host: a⏎⏎"))),
                named(
                        "a bad one behind three",
                        first().then(post("/p", "p")).then(first()).then(refused("", "x⏎⏎"))),
                named("a bad one behind a length", post("/1", "one").then(refused("", "GET /2 HTTP/1.1⏎⏎"))),
                named("bytes behind a length", post("/1", "one").then(refused("", " surplus⏎⏎"))),
                named("bytes behind chunks", chunked("/1").then(refused("", "0⏎⏎"))),
                named(
                        "a good one behind a bad one",
                        refused("", "GET / HTTP/1.1⏎⏎").then(lost("GET / HTTP/1.1⏎Host: a⏎⏎"))),
                named("a folded line in the second", first().then(refused("", "GET / HTTP/1.1⏎Host: a⏎X: 1⏎ 2⏎⏎"))));
    }
}
