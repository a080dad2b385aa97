package io.velo.lanes;

import static io.velo.lanes.AnswerCase.OLD;
import static io.velo.lanes.AnswerCase.bad;
import static io.velo.lanes.AnswerCase.passed;

import io.velo.lanes.AnswerCase.Told;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** RFC 9110 section 15.2: answers before the answer. */
final class InterimCases {

    private static final String FINAL = "HTTP/1.1 200 OK⏎Content-Length: 2⏎⏎ok";
    private static final String HINTS = "HTTP/1.1 103 Early Hints⏎Link: </a>⏎⏎";

    private InterimCases() {}

    private static AnswerCase before(String name, String interim, Told... told) {
        return passed("9110-15.2 " + name, interim + FINAL, "ok", "HTTP/1.1 200 OK", "Content-Length: 2")
                .after(told);
    }

    private static Told hints(String... fields) {
        return Told.of(
                "",
                Stream.concat(Stream.of("HTTP/1.1 103 Early Hints"), Stream.of(fields))
                        .toArray(String[]::new));
    }

    static Stream<AnswerCase> all() {
        Told[] thirty =
                IntStream.range(0, 30).mapToObj(i -> hints("Link: </a>")).toArray(Told[]::new);
        return Stream.of(
                before("103", HINTS, hints("Link: </a>")),
                before(
                        "102, then 103",
                        "HTTP/1.1 102 Processing⏎⏎" + HINTS,
                        Told.of("", "HTTP/1.1 102 Processing"),
                        hints("Link: </a>")),
                before("what nobody knows", "HTTP/1.1 199 X⏎X: 1⏎⏎", Told.of("", "HTTP/1.1 199 X", "X: 1")),
                before("100 is between Velo and the backend", "HTTP/1.1 100 Continue⏎⏎"),
                before(
                        "one-hop fields in it",
                        "HTTP/1.1 103 Early Hints⏎Connection: X-Hop⏎X-Hop: 1⏎Keep-Alive: 5⏎Link: </b>⏎⏎",
                        hints("Link: </b>")),
                before("a length in it means nothing", "HTTP/1.1 103 Early Hints⏎Content-Length: 7⏎⏎", hints()),
                before("thirty", HINTS.repeat(30), thirty),
                passed(
                                "9110-15.2 not by HTTP/1.0",
                                HINTS + FINAL,
                                "ok",
                                "HTTP/1.1 200 OK",
                                "Content-Length: 2",
                                "Connection: close")
                        .to(OLD)
                        .closing(),
                bad(
                        "9110-15.2.2 a switch nobody asked for",
                        "HTTP/1.1 101 Switching Protocols⏎Upgrade: x⏎Connection: upgrade⏎⏎"),
                bad("9110-15.2 a flood of 100s", "HTTP/1.1 100 Continue⏎⏎".repeat(1_000)));
    }
}
