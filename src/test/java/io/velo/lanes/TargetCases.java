package io.velo.lanes;

import static io.velo.lanes.RequestCase.passed;
import static io.velo.lanes.RequestCase.refused;

import java.util.stream.Stream;

/** RFC 9112 sections 3.2 and 3.3, RFC 9110 sections 7.1 and 7.2: what a request is for. */
final class TargetCases {

    private TargetCases() {}

    static Stream<RequestCase> all() {
        return Stream.of(origin(), absolute(), otherForms(), hosts(), badHosts())
                .flatMap(cases -> cases);
    }

    private static RequestCase as(String name, String target, String arriving) {
        return passed(name, "GET " + target + " HTTP/1.1⏎Host: a⏎⏎", "GET " + arriving + " HTTP/1.1");
    }

    private static RequestCase byteForByte(String name, String target) {
        return as("9112-3.2.1 " + name, target, target);
    }

    private static Stream<RequestCase> origin() {
        return Stream.of(
                byteForByte("percent signs of all kinds", "/a%2Fb/%20?x=%00&y=%zz&%"),
                byteForByte("lower-case hexadecimal", "/a%2fb%c3%a9"),
                byteForByte("slashes", "//a///b//"),
                byteForByte("dots", "/./a/../../b/."),
                byteForByte("encoded dots", "/%2e%2e/%2E%2E/etc"),
                byteForByte("parameters", "/a;v=1,2/b=c&d@e:f$g!h'i(j)*k+l~m"),
                byteForByte("what URIs don't allow", "/a|b^c\"d{e}f`g\\h<i>[j]"),
                byteForByte("an empty query", "/?"),
                byteForByte("question marks in the query", "/a?b?c=d/e"),
                byteForByte("a whole URI in the path", "/http://b/c"),
                byteForByte("a whole URI in the query", "/?u=http://b/c"));
    }

    private static Stream<RequestCase> absolute() {
        return Stream.of(
                as("9112-3.2.2 absolute form", "http://a/x?y=1", "/x?y=1"),
                as("9112-3.2.2 absolute form without a path", "http://a", "/"),
                as("9112-3.2.2 absolute form with only a query", "http://a?y=1", "/?y=1"),
                as("9112-3.2.2 absolute form in capitals", "HTTP://A/x", "/x"),
                as("9112-3.2.2 absolute form, odd but legal", "http://a//x%zz|y", "//x%zz|y"),
                passed(
                        "9112-3.2.2 absolute form with a port",
                        "GET http://a:81/x HTTP/1.1⏎Host: a:81⏎⏎",
                        "GET /x HTTP/1.1"),
                refused("9112-3.2.2 absolute form for another host", "GET http://b/ HTTP/1.1⏎Host: a⏎⏎"),
                refused("9112-3.2.2 absolute form for another port", "GET http://a:81/ HTTP/1.1⏎Host: a⏎⏎"),
                refused("9112-3.2.2 absolute form without Host", "GET http://a/ HTTP/1.1⏎⏎"),
                refused("9110-4.2.4 absolute form with a user", "GET http://a@b/ HTTP/1.1⏎Host: b⏎⏎"),
                refused("9110-4.2.1 absolute form without a host", "GET http:///x HTTP/1.1⏎Host: a⏎⏎"),
                refused("9110-7.4 absolute form of another scheme", "GET ftp://a/ HTTP/1.1⏎Host: a⏎⏎"),
                refused("9110-7.4 absolute form of https without TLS", "GET https://a/ HTTP/1.1⏎Host: a⏎⏎"),
                refused("9112-3.2.2 absolute form with backslashes", "GET http:\\\\a/ HTTP/1.1⏎Host: a⏎⏎"));
    }

    private static Stream<RequestCase> otherForms() {
        return Stream.of(
                refused("9112-3.2.3 CONNECT", "CONNECT a:80 HTTP/1.1⏎Host: a:80⏎⏎"),
                refused("9112-3.2.3 authority form with another method", "GET a:80 HTTP/1.1⏎Host: a:80⏎⏎"),
                refused("9112-3.2.4 an asterisk with another method", "GET * HTTP/1.1⏎Host: a⏎⏎"),
                refused("9112-3.2 no slash", "GET a/b HTTP/1.1⏎Host: a⏎⏎"),
                refused("9112-3.2 a query alone", "GET ?a HTTP/1.1⏎Host: a⏎⏎"),
                refused("9112-3.2 a fragment", "GET /a#b HTTP/1.1⏎Host: a⏎⏎"),
                refused("9112-3.2 a byte beyond ASCII", "GET /caf\u00e9 HTTP/1.1⏎Host: a⏎⏎"),
                refused("9112-3.2 NUL", "GET /a\0b HTTP/1.1⏎Host: a⏎⏎"),
                refused("9112-3.2 DEL", "GET /a\u007fb HTTP/1.1⏎Host: a⏎⏎"),
                refused("9112-3.2 a bare CR", "GET /a\rb HTTP/1.1⏎Host: a⏎⏎"));
    }

    private static RequestCase host(String name, String host) {
        return passed("9112-3.2 " + name, "GET /x HTTP/1.1⏎Host: " + host + "⏎⏎", "GET /x HTTP/1.1");
    }

    private static Stream<RequestCase> hosts() {
        return Stream.of(
                host("a host with a port", "shop.test:8080"),
                host("an IPv4 address", "192.0.2.1"),
                host("an IPv6 address", "[2001:db8::1]:81"),
                host("capitals", "SHOP.Test"),
                passed("9112-3.2 a host in another case", "GET /x HTTP/1.1⏎hOSt:a⏎⏎", "GET /x HTTP/1.1"),
                passed("9112-3.2 Host at the end", "GET /x HTTP/1.1⏎X: 1⏎Host: a⏎⏎", "GET /x HTTP/1.1", "X: 1"));
    }

    private static RequestCase badHost(String name, String fields) {
        return refused("9112-3.2 " + name, "GET / HTTP/1.1⏎" + fields + "⏎⏎");
    }

    private static Stream<RequestCase> badHosts() {
        return Stream.of(
                refused("9112-3.2 no Host", "GET / HTTP/1.1⏎⏎"),
                badHost("two equal hosts", "Host: a⏎Host: a"),
                badHost("two hosts", "Host: a⏎Host: b"),
                badHost("two hosts, one without a value", "Host: a⏎Host:"),
                badHost("two hosts in different cases", "Host: a⏎hOST: b"),
                badHost("two hosts in one field", "Host: a, b"),
                badHost("an empty host", "Host:"),
                badHost("a host with a path", "Host: a/b"),
                badHost("a host with a space", "Host: a b"),
                badHost("a host with a user", "Host: a@b"),
                badHost("a host with a query", "Host: a?b"),
                badHost("a host with a fragment", "Host: a#b"),
                badHost("a host with a backslash", "Host: a\\b"),
                badHost("a host with a quote", "Host: \"a\""),
                badHost("a port that is none", "Host: a:b"),
                badHost("a port that is too large", "Host: a:65536"),
                badHost("two ports", "Host: a:80:80"),
                badHost("a port without a host", "Host: :80"),
                badHost("an open bracket", "Host: [::1"),
                badHost("a bracket inside", "Host: a[b]"),
                badHost("a field that only looks like Host", "Host\u00a0: a"),
                badHost("a space before its colon", "Host : a"),
                badHost("a host in a folded line", "X: 1⏎ Host: a"),
                refused("9112-3.2 two hosts by HTTP/1.0", "GET / HTTP/1.0⏎Host: a⏎Host: b⏎⏎"));
    }
}
