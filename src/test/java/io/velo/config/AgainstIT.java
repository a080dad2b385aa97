package io.velo.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.velo.testing.ConfigFile;
import io.velo.testing.RawBackend;
import io.velo.testing.RawClient;
import io.velo.testing.RunningVelo;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --check-config --against}: what a file would change. */
class AgainstIT {

    @TempDir
    Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final RawBackend one = RawBackend.doing(exchange -> exchange.awaitClose());
    private ConfigFile file;
    private RunningVelo velo;

    @BeforeEach
    void start() throws IOException {
        file = ConfigFile.in(directory, "lb.health.enabled: false", "lb.reload.watch: false", ConfigFile.backends(one));
        velo = RunningVelo.with(file.property());
    }

    @AfterEach
    void stop() throws IOException {
        velo.close();
        one.close();
    }

    @Test
    void saysSoIfNothingWould() {
        assertThat(check("http://127.0.0.1:" + velo.port())).isZero();
        assertThat(text(out)).contains("the configuration is right", "nothing would change");
    }

    @Test
    void tellsOfBackendsPoolsRoutesAndStreams() throws IOException {
        try (RawClient client = RawClient.to(velo.port())) {
            client.send("GET / HTTP/1.1\r\nHost: velo.test\r\n\r\n");
            await().untilAsserted(() -> assertThat(velo.inFlight()).isEqualTo(1));
            file.write(
                    "lb.health.enabled: false",
                    "lb.reload.watch: false",
                    "lb.backends: [ { id: two, url: \"http://127.0.0.1:1\", weight: 2 } ]",
                    "lb.pools.api.strategy: leastconnection",
                    "lb.client.idle-timeout: 7s",
                    "spring.cloud.gateway.server.webflux.routes:",
                    "  - { id: shop, uri: \"lb://api\", predicates: [ Path=/shop ] }");

            assertThat(check("http://127.0.0.1:" + velo.port())).isZero();
        }
        String id = "127.0.0.1:" + one.port();
        assertThat(text(out))
                .contains(
                        "pool default: backend two added, http://127.0.0.1:1, weight 2",
                        "pool default: backend " + id + " removed",
                        "pool default: 1 requests on backend " + id + " would be cut",
                        "longer than the drain timeout, 30s",
                        "pool api added",
                        "route shop added, to lb://api",
                        "lb.client.idle-timeout changed: needs a restart");
    }

    @Test
    void failsIfNobodyAnswers() throws IOException {
        assertThat(check("http://127.0.0.1:1")).isEqualTo(1);
        assertThat(text(err)).contains("http://127.0.0.1:1/actuator/refresh cannot be read");
    }

    @Test
    void needsAUrlAndACheck() {
        CommandLine noUrl = new CommandLine(new PrintStream(out), new PrintStream(err))
                .read(List.of("--check-config", "--against", "localhost"));
        CommandLine noCheck = new CommandLine(new PrintStream(out), new PrintStream(err))
                .read(List.of("--against", "http://localhost:9090"));

        assertThat(noUrl.exitCode()).hasValue(1);
        assertThat(noCheck.exitCode()).hasValue(1);
        assertThat(text(err)).contains("needs a URL", "goes with --check-config");
    }

    private int check(String url) {
        return new CommandLine(new PrintStream(out), new PrintStream(err))
                .read(List.of(
                        "--check-config",
                        "--against",
                        url,
                        "--config",
                        file.path().toString()))
                .exitCode()
                .orElseThrow();
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
