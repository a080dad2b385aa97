package io.velo.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.jayway.jsonpath.JsonPath;
import io.velo.testing.RawBackend;
import io.velo.testing.RawClient;
import io.velo.testing.RunningVelo;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MetricsRouteIT {

    private static RawBackend first;
    private static RawBackend second;
    private static RunningVelo velo;

    @BeforeAll
    static void start() throws IOException {
        first = RawBackend.doing(exchange -> exchange.answer(exchange.target().equals("/fail") ? 500 : 200, "a"));
        second = RawBackend.doing(exchange -> exchange.answer(exchange.target().equals("/fail") ? 500 : 200, "b"));
        velo = RunningVelo.unprobed(List.of(first, second), "lb.pools.spare.strategy=leastconnection");
        for (String target : List.of("/", "/", "/", "/fail")) {
            RawClient.get(velo.port(), target);
        }
        velo.awaitIdle();
    }

    @AfterAll
    static void stop() throws IOException {
        velo.close();
        first.close();
        second.close();
    }

    @Test
    void countsByPoolAndBackend() throws IOException {
        await().untilAsserted(() ->
                assertThat(pools().get("default").get("total_requests")).isEqualTo(4));
        Map<String, Object> pool = pools().get("default");

        assertThat(pools()).containsOnlyKeys("default", "spare");
        assertThat(pool)
                .containsOnlyKeys("total_requests", "failed_requests", "active_connections", "backends")
                .containsEntry("failed_requests", 1)
                .containsEntry("active_connections", 0);
        Map<String, Map<String, Object>> backends = JsonPath.read(pool, "$.backends");
        assertThat(backends).containsOnlyKeys("127.0.0.1:" + first.port(), "127.0.0.1:" + second.port());
        assertThat(backends.values()).allSatisfy(backend -> assertThat(backend)
                .containsEntry("state", "up")
                .containsEntry("total_requests", 2)
                .containsEntry("active_connections", 0)
                .containsOnlyKeys("state", "total_requests", "failed_requests", "active_connections"));
        assertThat(backends.values())
                .extracting(backend -> backend.get("failed_requests"))
                .containsExactlyInAnyOrder(0, 1);
    }

    @Test
    void isZeroForAPoolWithoutRequests() throws IOException {
        assertThat(pools().get("spare"))
                .isEqualTo(Map.of(
                        "total_requests", 0, "failed_requests", 0, "active_connections", 0, "backends", Map.of()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "*/*                                                   | application/json",
                "application/json                                      | application/json",
                "text/html,application/xhtml+xml,*/*;q=0.8             | application/json",
                "image/png                                             | application/json",
                "no media type                                         | application/json",
                "text/plain                                            | text/plain",
                "text/plain;version=0.0.4                              | text/plain",
                "text/*                                                | text/plain",
                "text/plain;q=0.5,application/json                     | application/json",
                "*/*;q=0.1,text/plain;q=0.2                            | text/plain",
                "application/openmetrics-text                          | application/openmetrics-text",
                "application/openmetrics-text; version=1.0.0,text/plain| application/openmetrics-text",
                "application/openmetrics-text;version=1.0.0;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,"
                        + "text/plain;version=1.0.0;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1"
                        + "| application/openmetrics-text",
                "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.6,"
                        + "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,"
                        + "text/plain;version=1.0.0;q=0.3,*/*;q=0.1 | application/openmetrics-text"
            })
    void givesWhatIsAskedFor(String accept, String type) throws IOException {
        RawClient.Answer answer = ask(accept);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.field("Content-Type")).startsWith(type);
        if (type.equals("application/json")) {
            assertThat(answer.body()).startsWith("{\"default\":{\"total_requests\":");
        } else {
            assertThat(answer.body()).contains("# TYPE lb_requests_seconds histogram\n");
            assertThat(answer.body().endsWith("# EOF\n")).isEqualTo(type.contains("openmetrics"));
        }
    }

    @Test
    void givesJsonToWhoDoesNotSay() throws IOException {
        assertThat(RawClient.get(velo.port(), "/metrics").field("Content-Type")).startsWith("application/json");
    }

    private static Map<String, Map<String, Object>> pools() throws IOException {
        return JsonPath.read(ask("application/json").body(), "$");
    }

    private static RawClient.Answer ask(String accept) throws IOException {
        return RawClient.ask(velo.port(), "GET /metrics HTTP/1.1\r\nHost: velo.test\r\nAccept: " + accept + "\r\n\r\n");
    }
}
