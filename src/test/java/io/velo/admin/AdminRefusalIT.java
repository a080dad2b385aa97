package io.velo.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.velo.testing.RawBackend;
import io.velo.testing.RawClient;
import io.velo.testing.RawClient.Answer;
import io.velo.testing.RunningVelo;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What operators ask for and don't get; nothing is changed by it. */
class AdminRefusalIT {

    private static final String BACKENDS = "/actuator/pools/default/backends";
    private static final String ONE = BACKENDS + "/one";
    private static final String TOKEN = "Authorization: Bearer s3cret\r\n";

    private static RawBackend one;
    private static RunningVelo velo;

    @BeforeAll
    static void start() {
        one = RawBackend.saying("one");
        velo = RunningVelo.with(
                "lb.health.enabled=false",
                "lb.admin.token=s3cret",
                "lb.backends[0].id=one",
                "lb.backends[0].url=" + one.url());
    }

    @AfterAll
    static void stop() throws IOException {
        velo.close();
        one.close();
    }

    @Test
    void whoShowsNoToken() throws IOException {
        Answer answer = RawClient.ask(velo.port(), request("DELETE", ONE, "", ""));

        assertProblem(answer, 401, "token");
        assertThat(answer.field("WWW-Authenticate")).isEqualTo("Bearer realm=\"velo\"");
        assertUntouched();
    }

    /** An answer that a worker gives may reach its client before the server is done with it, and the next request comes then. */
    @Test
    void whoAsksOnAndOnIsHeard() throws IOException {
        String wrong = request("POST", BACKENDS, TOKEN, "{\"weight\":1}");
        for (int i = 0; i < 50; i++) {
            try (RawClient client = RawClient.to(velo.port())) {
                assertThat(client.send(wrong).read().status()).isEqualTo(422);
                assertThat(client.send(request("GET", BACKENDS, "", "")).read().status())
                        .isEqualTo(200);
                assertThat(client.send(wrong).read().status()).as("round %d", i).isEqualTo(422);
            }
        }
        assertUntouched();
    }

    @ParameterizedTest
    @CsvSource({"Bearer s3cre", "Bearer s3crett", "Bearer", "Basic s3cret", "s3cret", "Bearer S3CRET"})
    void whoShowsAnother(String authorization) throws IOException {
        Answer answer =
                RawClient.ask(velo.port(), request("DELETE", ONE, "Authorization: " + authorization + "\r\n", ""));

        assertProblem(answer, 401, "token");
        assertThat(answer.field("WWW-Authenticate")).contains("invalid_token");
        assertUntouched();
    }

    @ParameterizedTest
    @CsvSource({
        "DELETE, /actuator/pools/default/backends/none",
        "PATCH, /actuator/pools/default/backends/none",
        "POST, /actuator/pools/default/backends/none/drain",
        "POST, /actuator/pools/default/backends/none/resume",
        "DELETE, /actuator/pools/none/backends/one",
        "POST, /actuator/pools/none/backends"
    })
    void whatIsNotThere(String method, String path) throws IOException {
        String body = method.equals("DELETE") || path.matches(".*(drain|resume)") ? "" : "{\"url\":\"http://a:1\"}";
        Answer answer = ask(method, path, method.equals("PATCH") ? "{\"weight\":1}" : body);

        assertProblem(answer, 404, "there is no");
        assertUntouched();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"weight\":257} | weight | 257 | must be 0 to 256",
                "{\"weight\":\"2\"} | weight | 2 | must be a whole number",
                "{\"weight\":1.5} | weight | 1.5 | must be a whole number",
                "{\"maxInFlight\":-1} | maxInFlight | -1 | must be at least 0",
                "{\"url\":\"http://a:1\"} | url | http://a:1 | cannot be changed",
                "{\"wieght\":2} | wieght | 2 | cannot be changed"
            })
    void aBodyThatBreaksRules(String body, String key, String value, String rule) throws IOException {
        Answer answer = ask("PATCH", ONE, body);

        assertProblem(answer, 422, "\"key\":\"" + key + "\",\"value\":\"" + value + "\",\"rule\":\"" + rule);
        assertUntouched();
    }

    @Test
    void aUrlThatIsNone() throws IOException {
        assertProblem(ask("POST", BACKENDS, "{\"url\":\"ftp://x\"}"), 422, "\"key\":\"url\",\"value\":\"ftp://x\"");
        assertUntouched();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"{", "[]", "nonsense", "7"})
    void whatIsNoObject(String body) throws IOException {
        assertProblem(ask("PATCH", ONE, body), 400, "JSON");
        assertUntouched();
    }

    @Test
    void anotherType() throws IOException {
        Answer answer = RawClient.ask(
                velo.port(),
                "PATCH " + ONE + " HTTP/1.1\r\nHost: velo.test\r\n" + TOKEN
                        + "Content-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}");

        assertProblem(answer, 415, "application/json");
    }

    @Test
    void aBodyOfOneMebibyte() throws IOException {
        Answer answer = ask("PATCH", ONE, "{\"zone\":\"" + "x".repeat(1 << 20) + "\"}");

        assertProblem(answer, 413, "16384");
        assertUntouched();
    }

    @ParameterizedTest
    @CsvSource({"'\"0-0\"'", "'W/\"x\"'", "x"})
    void aStaleTag(String tag) throws IOException {
        Answer answer = RawClient.ask(
                velo.port(), request("PATCH", ONE, TOKEN + "If-Match: " + tag + "\r\n", "{\"weight\":7}"));

        assertProblem(answer, 412, "has changed");
        assertUntouched();
    }

    @Test
    void otherMethods() throws IOException {
        Answer answer = ask("PUT", ONE, "{}");

        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.field("Allow")).isEqualTo("GET, HEAD, PATCH, DELETE");
        assertThat(one.requests()).isZero();
    }

    private void assertUntouched() throws IOException {
        assertThat(get(BACKENDS).body())
                .contains("\"id\":\"one\"", "\"state\":\"up\"", "\"weight\":1", "\"source\":\"config\"")
                .doesNotContain("\"id\":\"127");
    }

    private Answer get(String path) throws IOException {
        return RawClient.get(velo.port(), path);
    }

    private Answer ask(String method, String path, String body) throws IOException {
        return RawClient.ask(velo.port(), request(method, path, TOKEN, body));
    }

    private static String request(String method, String path, String fields, String body) {
        String type = body.isEmpty() ? "" : "Content-Type: application/json\r\n";
        return method + " " + path + " HTTP/1.1\r\nHost: velo.test\r\n" + fields + type + "Content-Length: "
                + body.length() + "\r\n\r\n" + body;
    }

    private static void assertProblem(Answer answer, int status, String text) {
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.field("Content-Type")).startsWith("application/problem+json");
        assertThat(answer.body()).contains("\"status\":" + status, text);
    }
}
