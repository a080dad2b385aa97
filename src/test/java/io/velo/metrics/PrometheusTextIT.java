package io.velo.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.velo.testing.RawBackend;
import io.velo.testing.RawClient;
import io.velo.testing.RunningVelo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Prometheus' own checker has nothing to say about the text, after answers, failures, retries and probes. */
class PrometheusTextIT {

    @TempDir
    private Path directory;

    private static RawBackend answering;
    private static RawBackend resetting;
    private static RunningVelo velo;

    @BeforeAll
    static void start() throws IOException {
        answering = RawBackend.saying("hello");
        resetting = RawBackend.resetting();
        velo = RunningVelo.with("lb.backends=" + answering.url() + "," + resetting.url());
        for (int i = 0; i < 5; i++) {
            RawClient.get(velo.port(), "/");
            RawClient.ask(velo.port(), "POST / HTTP/1.1\r\nHost: velo.test\r\nContent-Length: 1\r\n\r\nx");
        }
        velo.awaitIdle();
    }

    @AfterAll
    static void stop() throws IOException {
        velo.close();
        answering.close();
        resetting.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/actuator/prometheus", "/metrics"})
    void pleasesItsChecker(String target) throws Exception {
        assumeTrue(hasPromtool() || "true".equals(System.getenv("CI")), "promtool, of Debian's package prometheus");
        Path text = Files.writeString(directory.resolve("text"), scrape(target));
        Path findings = directory.resolve("findings");

        Process promtool = new ProcessBuilder("promtool", "check", "metrics")
                .redirectInput(text.toFile())
                .redirectErrorStream(true)
                .redirectOutput(findings.toFile())
                .start();

        assertThat(promtool.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(findings).hasContent("");
        assertThat(promtool.exitValue()).isZero();
    }

    @Test
    void hasTheMetersOfVelo() throws IOException {
        assertThat(scrape("/actuator/prometheus"))
                .contains("lb_requests_seconds_bucket{", "lb_backend_requests_seconds_count{", "lb_probe_seconds_sum{")
                .contains("lb_backend_in_flight{", "lb_backend_state{", "lb_backend_weight{", "lb_pool_eligible{")
                .contains("lb_pool_panic{", "lb_connections{", "lb_backend_transitions_total{");
    }

    @Test
    void hasProcessorTimeInSeconds() throws IOException {
        String text = scrape("/actuator/prometheus");

        assertThat(text.lines().filter(line -> line.startsWith("process_cpu_seconds_total ")))
                .singleElement()
                .satisfies(line -> assertThat(Double.parseDouble(line.substring(line.indexOf(' '))))
                        .isBetween(0.1, 3600.0));
        assertThat(text).contains("\nsystem_cpus ").doesNotContain("process_cpu_time", "jvm_compilation_time");
    }

    @Test
    void countsNoRequestTwice() throws IOException {
        assertThat(scrape("/actuator/prometheus")).doesNotContain("http_server_requests", "http_client_requests");
    }

    private static String scrape(String target) throws IOException {
        RawClient.Answer answer = RawClient.ask(
                velo.port(), "GET " + target + " HTTP/1.1\r\nHost: velo.test\r\nAccept: text/plain\r\n\r\n");
        assertThat(answer.status()).isEqualTo(200);
        return new String(answer.body().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    private static boolean hasPromtool() {
        return Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(each -> Files.isExecutable(Path.of(each, "promtool")));
    }
}
