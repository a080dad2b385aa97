package io.velo.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.velo.backend.Reason;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.GenerationMode;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

class ProblemTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    @ParameterizedTest
    @EnumSource
    void bodyIsTheReasonAsJson(Reason reason) {
        assertThat(parsed(Problem.of(reason)))
                .containsEntry("type", "about:blank")
                .containsEntry("status", reason.status())
                .containsEntry("detail", reason.detail())
                .containsEntry("reason", reason.word())
                .containsOnlyKeys("type", "title", "status", "detail", "reason");
    }

    @Property(generation = GenerationMode.EXHAUSTIVE)
    void bodyIsValidForAnyStatusAndReason(@ForAll @IntRange(min = 400, max = 599) int status, @ForAll Reason reason) {
        assertThat(parsed(new Problem(status, reason)))
                .containsEntry("status", status)
                .hasEntrySatisfying("title", title -> assertThat((String) title).isNotBlank());
    }

    @ParameterizedTest
    @CsvSource({
        "400, Bad Request",
        "404, Not Found",
        "413, Content Too Large",
        "414, URI Too Long",
        "429, Too Many Requests",
        "431, Request Header Fields Too Large",
        "500, Internal Server Error",
        "502, Bad Gateway",
        "503, Service Unavailable",
        "504, Gateway Timeout",
        "418, Request Refused",
        "599, Server Error"
    })
    void titleIsThePhraseOfTheStatus(int status, String title) {
        assertThat(parsed(new Problem(status, Reason.PROXY_INTERNAL_ERROR))).containsEntry("title", title);
    }

    @Test
    void proxyStatusNamesTheErrorType() {
        assertThat(Problem.of(Reason.CONNECTION_REFUSED).proxyStatus()).isEqualTo("velo; error=connection_refused");
    }

    @Test
    void proxyStatusTellsTheReasonWhereTheErrorTypeIsWider() {
        assertThat(Problem.of(Reason.CIRCUIT_OPEN).proxyStatus())
                .isEqualTo("velo; error=destination_unavailable; details=\"circuit_open\"");
    }

    @ParameterizedTest
    @EnumSource
    void proxyStatusIsAStructuredField(Reason reason) {
        assertThat(Problem.of(reason).proxyStatus()).matches("velo; error=[a-z_]+(; details=\"[a-z_]+\")?");
    }

    @ParameterizedTest
    @EnumSource
    void nothingNamesAnAddress(Reason reason) {
        assertThat(reason.detail())
                .doesNotContainPattern("\\d+\\.\\d+|://|:\\d")
                .endsWith(".");
    }

    private static Map<String, Object> parsed(Problem problem) {
        return JSON.readValue(problem.body(), new TypeReference<>() {});
    }
}
