package io.velo.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.velo.backend.BackendState;
import io.velo.change.Reload.Result;
import io.velo.change.Reloads;
import io.velo.pool.Pools;
import io.velo.testing.CapturedLog;
import io.velo.testing.ConfigFile;
import io.velo.testing.RawBackend;
import io.velo.testing.RawClient;
import io.velo.testing.RawClient.Answer;
import io.velo.testing.RunningVelo;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Operators change pools while Velo runs. */
class AdminIT {

    private static final String BACKENDS = "/actuator/pools/default/backends";
    private static final String ONE = BACKENDS + "/one";
    private static final String TOKEN = "Authorization: Bearer s3cret\r\n";

    @TempDir
    Path directory;

    private final RawBackend one = RawBackend.saying("one");
    private final RawBackend two = RawBackend.saying("two");
    private ConfigFile file;
    private RunningVelo velo;

    @BeforeEach
    void start() throws IOException {
        file = ConfigFile.in(directory, "lb.health.enabled: false", "lb.admin.token: s3cret", named(1));
        velo = RunningVelo.with(file.property(), "lb.reload.watch=false");
    }

    private String named(int weight) {
        return "lb.backends: [ { id: one, url: \"" + one.url() + "\", weight: " + weight + " } ]";
    }

    @AfterEach
    void stop() throws IOException {
        velo.close();
        one.close();
        two.close();
    }

    @Test
    void letsNobodyChangeAnythingWithoutAToken() throws IOException {
        try (RunningVelo open = RunningVelo.unprobed(List.of(one))) {
            Answer answer = RawClient.ask(open.port(), request("DELETE", ONE, TOKEN, ""));

            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.field("Content-Type")).startsWith("application/problem+json");
            assertThat(answer.body()).contains("lb.admin.token");
        }
    }

    @Test
    void addsABackendOnce() throws IOException {
        String body = "{\"id\":\"two\",\"url\":\"" + two.url() + "\",\"weight\":3}";
        Answer first = ask("POST", BACKENDS, body);
        Answer again = ask("POST", BACKENDS, body);
        Answer other = ask("POST", BACKENDS, body.replace("3", "4"));

        assertThat(first.status()).isEqualTo(201);
        assertThat(first.field("Location")).isEqualTo(BACKENDS + "/two");
        assertThat(first.body()).contains("\"source\":\"admin\"", "\"weight\":3");
        assertThat(again.status()).isEqualTo(200);
        assertThat(other.status()).isEqualTo(409);
        assertThat(velo.pool(Pools.DEFAULT).backends()).hasSize(2);
    }

    @Test
    void changesAWeightForWhoHasSeenTheLatest() throws IOException {
        String tag = get("/actuator/pools/default").field("ETag");
        Answer first = RawClient.ask(
                velo.port(), request("PATCH", ONE, TOKEN + "If-Match: " + tag + "\r\n", "{\"weight\":7}"));
        Answer second = RawClient.ask(
                velo.port(), request("PATCH", ONE, TOKEN + "If-Match: " + tag + "\r\n", "{\"weight\":8}"));

        assertThat(first.status()).isEqualTo(200);
        assertThat(first.field("ETag")).isNotEqualTo(tag).isEqualTo(get(ONE).field("ETag"));
        assertThat(second.status()).isEqualTo(412);
        assertThat(velo.pool(Pools.DEFAULT).backends().get(0).spec().weight()).isEqualTo(7);
    }

    @Test
    void makesABackendAReserveAndBack() throws IOException {
        assertThat(ask("POST", BACKENDS, "{\"id\":\"two\",\"url\":\"" + two.url() + "\",\"priority\":1}")
                        .body())
                .contains("\"priority\":1");
        assertThat(answers()).containsOnly("one");

        assertThat(ask("PATCH", ONE, "{\"priority\":2}").body()).contains("\"priority\":2", "\"weight\":1");
        assertThat(answers()).containsOnly("two");

        assertThat(ask("PATCH", BACKENDS + "/two", "{\"priority\":2}").status()).isEqualTo(200);
        assertThat(answers()).contains("one", "two");
        assertThat(ask("PATCH", ONE, "{\"priority\":101}").body())
                .contains("\"key\":\"priority\",\"value\":\"101\",\"rule\":\"must be 0 to 100\"");
    }

    private List<String> answers() throws IOException {
        List<String> bodies = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            bodies.add(get("/").body());
        }
        return bodies;
    }

    @Test
    void changesTheShareOfACanaryUntilTheFileDoes() throws IOException {
        String canary = "/actuator/pools/default/canary";
        assertThat(ask("PATCH", canary, "{\"percent\":5}").status()).isEqualTo(404);
        String next = "lb.pools.next.backends: [ \"" + two.url() + "\" ]";
        file.write("lb.health.enabled: false", named(1), next, "lb.canary: { pool: next, percent: 100, key: address }");
        velo.context().getBean(Reloads.class).reload("test");
        assertThat(RawClient.get(velo.port(), "/").body()).isEqualTo("two");

        assertThat(ask("PATCH", canary, "{\"percent\":0}").status()).isEqualTo(204);
        assertThat(RawClient.get(velo.port(), "/").body()).isEqualTo("one");
        assertThat(get("/actuator/pools/default").body())
                .contains("\"canary\":{\"pool\":\"next\",\"percent\":0.0,\"configured\":100.0");
        for (String wrong : List.of("{\"percent\":101}", "{\"percent\":\"5\"}", "{}", "{\"share\":5}")) {
            assertThat(ask("PATCH", canary, wrong).status()).as(wrong).isEqualTo(422);
        }
        assertThat(ask("POST", canary, "{\"percent\":5}").status()).isEqualTo(405);

        file.write("lb.health.enabled: false", named(2), next, "lb.canary: { pool: next, percent: 100, key: address }");
        velo.context().getBean(Reloads.class).reload("test");
        assertThat(RawClient.get(velo.port(), "/").body()).isEqualTo("one");
        file.write(
                "lb.health.enabled: false", named(2), next, "lb.canary: { pool: next, percent: 99.99, key: cookie }");
        velo.context().getBean(Reloads.class).reload("test");
        assertThat(RawClient.ask(velo.port(), "GET / HTTP/1.1\r\nHost: a\r\nCookie: velo-canary=0\r\n\r\n")
                        .body())
                .isEqualTo("two");
    }

    @Test
    void drainsAndResumesHoweverOftenItIsAsked() throws IOException {
        for (int i = 0; i < 2; i++) {
            Answer drained = ask("POST", ONE + "/drain", "");
            assertThat(drained.status()).as("drain %s", i).isEqualTo(200);
            assertThat(drained.body()).contains("\"state\":\"draining\"", "by an operator", "\"source\":\"admin\"");
        }
        assertThat(RawClient.get(velo.port(), "/").status()).isEqualTo(503);
        for (int i = 0; i < 2; i++) {
            assertThat(ask("POST", ONE + "/resume", "").body()).contains("\"state\":\"up\"");
        }
        assertThat(RawClient.get(velo.port(), "/").body()).isEqualTo("one");
    }

    @Test
    void removesABackendThatIsIdleAtOnce() throws IOException {
        assertThat(ask("DELETE", ONE, "").status()).isEqualTo(204);

        assertThat(get(ONE).status()).isEqualTo(404);
        assertThat(ask("DELETE", ONE, "").status()).isEqualTo(404);
    }

    @Test
    void describesItself() throws IOException {
        Answer answer = get("/actuator/openapi");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).contains("\"openapi\"", "/backends/{id}/drain", "If-Match");
    }

    @Test
    void takesNoPathFromTheBackendsOnThePortOfTheTraffic() throws IOException {
        int management;
        try (ServerSocket free = new ServerSocket(0)) {
            management = free.getLocalPort();
        }
        try (RunningVelo apart = RunningVelo.with(file.property(), "management.server.port=" + management)) {
            assertThat(RawClient.ask(apart.port(), request("DELETE", ONE, TOKEN, ""))
                            .body())
                    .isEqualTo("one");
            assertThat(RawClient.ask(management, request("POST", ONE + "/drain", TOKEN, ""))
                            .status())
                    .isEqualTo(200);
            assertThat(apart.pool(Pools.DEFAULT).backends().get(0).state()).isEqualTo(BackendState.DRAINING);
        }
    }

    /** What operators did holds until the configuration says something else of the same backend. */
    @Nested
    class AReload {

        @Test
        void leavesWhatOperatorsDid() throws IOException {
            ask("POST", BACKENDS, "{\"id\":\"two\",\"url\":\"" + two.url() + "\"}");
            ask("PATCH", ONE, "{\"weight\":7}");
            ask("POST", ONE + "/drain", "");
            file.write("lb.health.enabled: false", "lb.admin.token: s3cret", named(1), "lb.strategy: leastconnection");

            assertThat(reload()).isEqualTo(Result.APPLIED);

            assertThat(get(ONE).body()).contains("\"weight\":7", "\"state\":\"draining\"", "\"source\":\"admin\"");
            assertThat(get(BACKENDS + "/two").body()).contains("\"source\":\"admin\"");
        }

        @Test
        void overridesWhatItNamesAnew() throws IOException {
            ask("PATCH", ONE, "{\"weight\":7}");
            file.write("lb.health.enabled: false", "lb.admin.token: s3cret", named(2));

            assertThat(reload()).isEqualTo(Result.APPLIED);

            assertThat(get(ONE).body()).contains("\"weight\":2", "\"source\":\"config\"");
        }

        @Test
        void doesNotBringBackWhatAnOperatorRemoved() throws IOException {
            ask("POST", BACKENDS, "{\"id\":\"two\",\"url\":\"" + two.url() + "\"}");
            ask("DELETE", ONE, "");
            file.write("lb.health.enabled: false", "lb.admin.token: s3cret", named(1), "lb.slow-start: 1s");
            reload();

            assertThat(get(ONE).status()).isEqualTo(404);

            file.write("lb.health.enabled: false", "lb.admin.token: s3cret", named(3));
            reload();

            assertThat(get(ONE).body()).contains("\"weight\":3", "\"source\":\"config\"");
        }

        private Result reload() {
            return velo.context().getBean(Reloads.class).reload("test").result();
        }
    }

    @Test
    void writesALineForEachChange() throws IOException {
        try (CapturedLog log = CapturedLog.of("io.velo.audit")) {
            ask("POST", ONE + "/drain", "");
            RawClient.ask(velo.port(), request("DELETE", ONE, "", ""));

            await().untilAsserted(() -> assertThat(log.lines())
                    .anySatisfy(line -> assertThat(line).contains("change made", "POST", ONE + "/drain", "200"))
                    .anySatisfy(line -> assertThat(line).contains("change refused", "DELETE", "401")));
            assertThat(log.lines()).noneMatch(line -> line.contains("s3cret"));
        }
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
}
