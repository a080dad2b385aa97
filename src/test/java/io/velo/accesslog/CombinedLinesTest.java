package io.velo.accesslog;

import static org.assertj.core.api.Assertions.assertThat;

import io.velo.route.RequestRecord;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class CombinedLinesTest {

    private final CombinedLines lines = new CombinedLines();

    private String line(RequestRecord request) {
        return new String(lines.encode(request), StandardCharsets.UTF_8);
    }

    @Test
    void isWhatApacheWrites() {
        assertThat(line(Requests.whole())).isEqualTo("""
                192.0.2.1 - - [04/Mar/2026:05:06:07 +0000] "GET /a?b=c HTTP/1.1" 200 1234 "http://a.test/" "curl/8"
                """);
    }

    @Test
    void hasDashesForWhatThereIsNot() {
        assertThat(line(Requests.unread())).isEqualTo("""
                192.0.2.1 - - [04/Mar/2026:05:06:07 +0000] "-" 408 150 "-" "-"
                """);
    }

    @Test
    void escapesWhatCouldEndAFieldOrALine() {
        assertThat(line(Requests.with("/\" 200 1\n", "a\r\n127.0.0.1 - - \"\\", "\u0000\u001b[31m\t\u007fé\u0085")))
                .contains("\"GET /\\x22 200 1\\x0a HTTP/1.1\"")
                .contains(" \"a\\x0d\\x0a127.0.0.1 - - \\x22\\x5c\" ")
                .endsWith("\"\\x00\\x1b[31m\\x09\\x7f\\xe9\\x85\"\n")
                .containsOnlyOnce("\n");
    }
}
