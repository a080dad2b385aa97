package io.velo.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.velo.testing.RawBackend;
import io.velo.testing.RawClient;
import io.velo.testing.RunningVelo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the dashboard's page and stream are made of. */
class DashboardIT {

    private static final String STREAM = "GET /dashboard/stream HTTP/1.1\r\nHost: velo.test\r\n\r\n";

    private static RawBackend backend;
    private static RunningVelo velo;

    @BeforeAll
    static void start() {
        backend = RawBackend.saying("theirs");
        velo = RunningVelo.unprobed(List.of(backend));
    }

    @AfterAll
    static void stop() throws IOException {
        velo.close();
        backend.close();
    }

    static List<String> assets() {
        return new Assets().names();
    }

    @ParameterizedTest
    @MethodSource("assets")
    void servesItsFiles(String name) throws IOException {
        RawClient.Answer answer = RawClient.get(velo.port(), "/dashboard/" + name);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isNotBlank();
        assertThat(answer.field("Content-Type")).isNotEqualTo("application/octet-stream");
        assertThat(answer.field("Content-Security-Policy"))
                .isEqualTo(DashboardAnswers.POLICY)
                .doesNotContain("unsafe");
        assertThat(answer.field("X-Content-Type-Options")).isEqualTo("nosniff");
    }

    @Test
    void servesNothingElseOfTheClassPath() throws IOException {
        assertThat(RawClient.get(velo.port(), "/dashboard/application.yaml").status())
                .isEqualTo(404);
        assertThat(RawClient.get(velo.port(), "/dashboard/..%2fapplication.yaml")
                        .status())
                .isIn(400, 404);
        assertThat(RawClient.get(velo.port(), "/webjars/uplot/1.6.30/package.json")
                        .body())
                .isEqualTo("theirs");
    }

    @Test
    void sendsAFileOnlyOnce() throws IOException {
        String tag = RawClient.get(velo.port(), "/dashboard").field("ETag");

        RawClient.Answer again = RawClient.ask(
                velo.port(), "GET /dashboard HTTP/1.1\r\nHost: velo.test\r\nIf-None-Match: " + tag + "\r\n\r\n");

        assertThat(tag).isNotBlank();
        assertThat(again.status()).isEqualTo(304);
    }

    @Test
    void leadsFromThePathWithASlash() throws IOException {
        RawClient.Answer answer = RawClient.get(velo.port(), "/dashboard/");

        assertThat(answer.status()).isEqualTo(308);
        assertThat(answer.field("Location")).isEqualTo("../dashboard");
    }

    @Test
    void tellsEverythingFirst() throws IOException {
        try (RawClient client = RawClient.to(velo.port()).send(STREAM)) {
            assertThat(firstEvents(client))
                    .contains(
                            "event:setting\ndata:{\"actuator\":\"/actuator\",\"writable\":false}\n",
                            "event:news\ndata:{\"at\":")
                    .contains("\"name\":\"default\"", "\"state\":\"up\"", "\"past\":{");
        }
    }

    @Test
    void refusesTooManyPages() throws IOException {
        awaitStreams(0); // of other tests
        List<RawClient> open = new ArrayList<>();
        try {
            for (int i = 0; i < Streams.MOST; i++) {
                open.add(RawClient.to(velo.port()).send(STREAM));
            }
            awaitStreams(Streams.MOST);

            RawClient.Answer refused = RawClient.ask(velo.port(), STREAM);

            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.field("Retry-After")).isEqualTo("5");
            assertThat(refused.body()).contains("32 open pages");
        } finally {
            for (RawClient client : open) {
                client.close();
            }
        }
        awaitStreams(0);
    }

    @Test
    void endsTheStreamsWhenVeloStops() throws IOException {
        try (RunningVelo stopping = RunningVelo.unprobed(List.of(backend));
                RawClient client = RawClient.to(stopping.port()).send(STREAM)) {
            firstEvents(client);

            stopping.close();

            assertThat(client.in().readAllBytes())
                    .asString(StandardCharsets.UTF_8)
                    .endsWith("0\r\n\r\n");
        }
    }

    @Test
    void leavesThePathToTheBackendsIfItIsOff() throws IOException {
        try (RunningVelo without = RunningVelo.unprobed(List.of(backend), "lb.dashboard.enabled=false")) {
            assertThat(RawClient.get(without.port(), "/dashboard").body()).isEqualTo("theirs");
            assertThat(without.context().getBeansOfType(Feed.class)).isEmpty();
        }
    }

    /** All that comes up to the end of the first news, without the framing of the chunks. */
    private static String firstEvents(RawClient client) throws IOException {
        StringBuilder text = new StringBuilder();
        while (!text.toString().contains("\"happenings\":[")) {
            text.append((char) client.readByte());
        }
        return text.toString().replaceAll("\r\n[0-9a-f]+\r\n|\r\n", "");
    }

    private static void awaitStreams(int count) {
        await().untilAsserted(() ->
                assertThat(velo.context().getBean(Streams.class).count()).isEqualTo(count));
    }
}
