package io.velo.accesslog;

import static org.assertj.core.api.Assertions.assertThat;

import io.velo.route.RequestRecord;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class JsonLinesTest {

    private final JsonLines lines = new JsonLines();

    private String line(RequestRecord request) {
        return new String(lines.encode(request), StandardCharsets.UTF_8);
    }

    @Test
    void hasAllFieldsInOrder() {
        assertThat(line(Requests.whole())).isEqualTo("""
                {"time":"2026-03-04T05:06:07.089Z","client":"192.0.2.1","method":"GET","target":"/a?b=c",\
                "protocol":"HTTP/1.1","status":200,"bytes_in":5,"bytes_out":1234,"duration_us":7000,\
                "first_byte_us":6000,"connect_us":1500,"route":"shop","pool":"api","backend":"b1","attempts":2,\
                "lane":"express","reason":"http_response_incomplete","trace_id":"0af7651916cd43dd8448eb211c80319c"}
                """);
    }

    @Test
    void saysNullForWhatThereIsNot() {
        assertThat(line(Requests.unread())).isEqualTo("""
                {"time":"2026-03-04T05:06:07.089Z","client":"192.0.2.1","method":null,"target":null,\
                "protocol":null,"status":408,"bytes_in":0,"bytes_out":150,"duration_us":1,"first_byte_us":0,\
                "connect_us":null,"route":null,"pool":null,"backend":null,"attempts":0,"lane":"gateway",\
                "reason":"http_request_error","trace_id":null}
                """);
    }

    @Test
    void startsAnewWithEachLine() {
        String first = line(Requests.whole());

        assertThat(line(Requests.whole())).isEqualTo(first);
    }

    @Test
    void escapesWhatCouldEndAStringOrALine() {
        assertThat(line(Requests.with("/\"},\n{\"status\":200\r\\\u0000\u001b[31mé", "", "")))
                .contains("\"target\":\"/\\\"},\\n{\\\"status\\\":200\\r\\\\\\u0000\\u001B[31m\\u00E9\"")
                .containsOnlyOnce("\n");
    }

    @Test
    void keepsWhatHeadersSayToItself() {
        assertThat(line(Requests.with("/", "http://secret.test/", "secret"))).doesNotContain("secret");
    }
}
