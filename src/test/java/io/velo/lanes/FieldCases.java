package io.velo.lanes;

import static io.velo.lanes.RequestCase.passed;
import static io.velo.lanes.RequestCase.refused;

import java.util.stream.Stream;

/** RFC 9112 section 5, RFC 9110 section 5: field lines. */
final class FieldCases {

    private FieldCases() {}

    static Stream<RequestCase> all() {
        return Stream.of(legal(), bad(), sizes()).flatMap(cases -> cases);
    }

    private static RequestCase field(String name, String sent, String... arriving) {
        String[] head =
                Stream.concat(Stream.of("GET /x HTTP/1.1"), Stream.of(arriving)).toArray(String[]::new);
        return passed(name, "GET /x HTTP/1.1⏎Host: a⏎" + sent + "⏎⏎", head);
    }

    private static Stream<RequestCase> legal() {
        return Stream.of(
                field("9110-5.3 fields of one name, in order", "X: 1⏎Y: 2⏎x: 3⏎X: 1", "X: 1", "X: 3", "X: 1", "Y: 2"),
                field("9110-5.3 lists stay as they are", "X: a,b ,\t,c", "X: a,b ,\t,c"),
                field("9110-5.3 cookies", "Cookie: a=1; b=2⏎Cookie: c=3", "Cookie: a=1; b=2", "Cookie: c=3"),
                field("9110-5.5 whitespace around a value", "X: \t 1 2\t ", "X: 1 2"),
                field("9110-5.5 no whitespace", "X:1", "X: 1"),
                field("9110-5.5 an empty value", "X:", "X: "),
                field("9110-5.5 whitespace alone", "X:  \t ", "X: "),
                field("9110-5.5 a tab inside", "X: a\tb", "X: a\tb"),
                field(
                        "9110-5.5 bytes beyond ASCII",
                        "X: caf\u00c3\u00a9 \u0080\u00ff",
                        "X: caf\u00c3\u00a9 \u0080\u00ff"),
                field("9110-5.5 every printable character", "X: " + printable(), "X: " + printable()),
                field("9110-5.6.2 every character of a name", "!#$%&'*+-.^_`|~0Az: 1", "!#$%&'*+-.^_`|~0Az: 1"),
                field("9110-5.1 an underscore is not a hyphen", "Content_Length: 5", "Content_Length: 5"),
                field("9110-5.1 a field of no known name", "X-Y-Z: ()<>@", "X-Y-Z: ()<>@"),
                field("9110-12 Accept as it is", "Accept: text/*;q=0.5", "Accept: text/*;q=0.5"),
                field("9110-10.1.5 User-Agent as it is", "User-Agent: velo-test/1", "User-Agent: velo-test/1"),
                field("9110-8.4 Accept-Encoding as it is", "Accept-Encoding: gzip, br", "Accept-Encoding: gzip, br"),
                field("9110-11.6.2 Authorization as it is", "Authorization: Basic Og==", "Authorization: Basic Og=="),
                field("9110-14.2 Range as it is", "Range: bytes=0-1", "Range: bytes=0-1"),
                field("9110-13.1 conditions as they are", "If-None-Match: W/\"x\", *", "If-None-Match: W/\"x\", *"));
    }

    private static String printable() {
        StringBuilder text = new StringBuilder();
        for (char c = '!'; c < 0x7f; c++) {
            text.append(c);
        }
        return text.toString();
    }

    private static RequestCase bad(String name, String fields) {
        return refused(name, "GET / HTTP/1.1⏎Host: a⏎" + fields + "⏎⏎");
    }

    private static Stream<RequestCase> bad() {
        return Stream.of(
                bad("9112-5.1 a space before the colon", "X : 1"),
                bad("9112-5.1 a tab before the colon", "X\t: 1"),
                bad("9112-5.1 a space in the name", "X Y: 1"),
                bad("9112-5 no colon", "X"),
                bad("9112-5 no name", ": 1"),
                bad("9112-5 a colon alone", ":"),
                bad("9112-5.2 a folded line", "X: 1⏎ 2"),
                bad("9112-5.2 a line folded by a tab", "X: 1⏎\t2"),
                bad("9112-5.2 a folded line of a space", "X: 1⏎ "),
                bad("9112-5.2 a folded line that looks like a field", "X: 1⏎ Content-Length: 5"),
                bad("9112-5.2 a folded line behind the last field", "X: 1⏎Y: 2⏎  3"),
                bad("9112-2.2 LF between fields", "X: 1\nY: 2"),
                bad("9112-2.2 CR between fields", "X: 1\rY: 2"),
                bad("9112-2.2 CR at the end of a value", "X: 1\r"),
                bad("9112-2.2 CR before the colon", "X\r: 1"),
                bad("9110-5.5 NUL in a value", "X: 1\u00002"),
                bad("9110-5.5 a control character in a value", "X: 1\u00012"),
                bad("9110-5.5 DEL in a value", "X: 1\u007f2"),
                bad("9110-5.5 a vertical tab before a value", "X:\u000b1"),
                bad("9110-5.1 NUL in a name", "X\0: 1"),
                bad("9110-5.1 a quote in a name", "\"X\": 1"),
                bad("9110-5.1 a slash in a name", "X/Y: 1"),
                bad("9110-5.1 brackets in a name", "X[]: 1"),
                bad("9110-5.1 a byte beyond ASCII in a name", "X\u00e9: 1"),
                refused("9112-2.2 LF as the empty line", "GET / HTTP/1.1⏎Host: a⏎\nGET /smuggled HTTP/1.1⏎Host: a⏎⏎"),
                refused("9112-2.2 LF LF ends the head", "GET / HTTP/1.1⏎Host: a\n\n"),
                refused("9112-2.2 CR as the empty line", "GET / HTTP/1.1⏎Host: a⏎\rGET /smuggled HTTP/1.1⏎Host: a⏎⏎"));
    }

    private static Stream<RequestCase> sizes() {
        return Stream.of(
                field("9110-5.4 a value of 12000 bytes", "X: " + "y".repeat(12_000), "X: " + "y".repeat(12_000)),
                refused(
                        431,
                        "9110-5.4 a value that is too long",
                        "GET / HTTP/1.1⏎Host: a⏎X: " + "y".repeat(20_000) + "⏎⏎"),
                refused(431, "9110-5.4 a name that is too long", "GET / HTTP/1.1⏎Host: a⏎" + "y".repeat(20_000)),
                refused(431, "9110-5.4 too many fields", "GET / HTTP/1.1⏎Host: a⏎" + "X: 1⏎".repeat(5_000) + "⏎"));
    }
}
