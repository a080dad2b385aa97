package io.velo.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.velo.testing.RawBackend;
import io.velo.testing.RawClient;
import io.velo.testing.RawClient.Answer;
import io.velo.testing.RunningVelo;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With readers named, what is inside of Velo is shown to them and to operators alone. */
class ReadersIT {

    private static final String POOLS = "/actuator/pools";

    private static RawBackend backend;
    private static RunningVelo velo;

    @BeforeAll
    static void start() {
        backend = RawBackend.saying("the backend's");
        velo = RunningVelo.unprobed(
                List.of(backend),
                "lb.admin.token=s3cret",
                "lb.admin.readers=192.0.2.0/24",
                "lb.forwarded.trusted=127.0.0.1");
    }

    @AfterAll
    static void stop() throws IOException {
        velo.close();
        backend.close();
    }

    private static Answer get(String path, String fields) throws IOException {
        return RawClient.ask(velo.port(), "GET " + path + " HTTP/1.1\r\nHost: velo.test\r\n" + fields + "\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/actuator",
                POOLS,
                "/actuator/pools/default",
                "/actuator/routes",
                "/actuator/prometheus",
                "/actuator/openapi",
                "/metrics",
                "/dashboard",
                "/dashboard/main.js"
            })
    void strangersAreShownNothing(String path) throws IOException {
        Answer answer = get(path, "");

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.field("WWW-Authenticate")).isEqualTo("Bearer realm=\"velo\"");
        assertThat(answer.field("Content-Type")).startsWith("application/problem+json");
        assertThat(answer.body()).contains("lb.admin.readers").doesNotContain("127.0.0.1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/%61ctuator/pools", "/actuator;a=b/pools", "//actuator/pools", "/actuator/./pools"})
    void neitherByAnotherSpelling(String path) throws IOException {
        assertThat(get(path, "").body()).doesNotContain("eligible");
    }

    @Test
    void readersAreShownAll() throws IOException {
        Answer answer = get(POOLS, "X-Forwarded-For: 192.0.2.7\r\n");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).contains("\"pools\"");
    }

    @Test
    void operatorsToo() throws IOException {
        assertThat(get(POOLS, "Authorization: Bearer s3cret\r\n").status()).isEqualTo(200);
        assertThat(get(POOLS, "Authorization: Bearer s3cre\r\n").status()).isEqualTo(401);
    }

    @Test
    void nobodyMakesHimselfAReader() throws IOException {
        assertThat(get(POOLS, "X-Forwarded-For: 192.0.2.7, 203.0.113.9\r\n").status())
                .isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/livez", "/readyz", "/actuator/health", "/actuator/health/readiness"})
    void whetherItLivesIsForEverybody(String path) throws IOException {
        Answer answer = get(path, "");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).contains("UP").doesNotContain("components", "127.0.0.1");
    }

    @Test
    void backendsAreReachedAsEver() throws IOException {
        assertThat(get("/a", "").body()).isEqualTo("the backend's");
        assertThat(get("/actuator/routes", "Authorization: Bearer s3cret\r\n").body())
                .contains("\"lane\":\"express\"");
    }
}
