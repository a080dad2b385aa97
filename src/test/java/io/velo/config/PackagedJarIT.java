package io.velo.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.velo.testing.ConfigFile;
import io.velo.testing.JarProcess;
import io.velo.testing.RawBackend;
import io.velo.testing.RawClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The flags, as users type them. */
class PackagedJarIT {

    private static final long PATIENCE_SECONDS = 60;

    @TempDir
    private Path directory;

    @Test
    void printsItsVersion() throws Exception {
        Result result = velo("--version");

        assertThat(result.exitCode).isZero();
        assertThat(result.out).matches("velo \\d+\\.\\d+\\.\\d+\\S*\n");
        assertThat(result.err).isEmpty();
    }

    @Test
    void findsRightWhatItGenerates() throws Exception {
        Result generated = velo("--generate-config");
        Path file = Files.writeString(directory.resolve("velo.yaml"), generated.out);

        Result checked = velo("--check-config", "--config", file.toString());

        assertThat(generated.exitCode).isZero();
        assertThat(generated.out).contains("\nlb:\n");
        assertThat(checked.exitCode).as(checked.err).isZero();
        assertThat(checked.out).isEqualTo("the configuration is right\n");
    }

    @Test
    void tellsEveryProblemOfAFile() throws Exception {
        Path file = Files.writeString(directory.resolve("velo.yaml"), "lb.health: { rise: 0, fall: x }\n");

        Result checked = velo("--check-config", "--config=" + file);

        assertThat(checked.exitCode).isEqualTo(1);
        assertThat(checked.err.lines())
                .hasSize(2)
                .anyMatch(line -> line.startsWith("lb.health.rise (LB_HEALTH_RISE) is '0' but must be at least 1 ["))
                .anyMatch(
                        line -> line.startsWith("lb.health.fall (LB_HEALTH_FALL) is 'x' but must be a whole number ["));
    }

    @Test
    void doesNotStartOnAWrongVariable() throws Exception {
        ProcessBuilder process = process("--server.port=0");
        process.environment().put("LB_HEALTH_RISE", "0");

        Result result = run(process);

        assertThat(result.exitCode).isEqualTo(1);
        assertThat(result.out)
                .contains("APPLICATION FAILED TO START")
                .contains("lb.health.rise (LB_HEALTH_RISE) is '0' but must be at least 1"
                        + " [System Environment Property \"LB_HEALTH_RISE\"]");
        assertThat(result.out + result.err).doesNotContain("\tat ");
    }

    @Test
    void tellsWhatADemoBackendNeeds() throws Exception {
        Result result = velo("demo-backend", "here");

        assertThat(result.exitCode).isEqualTo(1);
        assertThat(result.err)
                .isEqualTo("the first argument must be a port\nusage: java -jar velo.jar demo-backend PORT"
                        + " [--delay 50ms] [--fail-rate 0.1] [--name b1]\n");
    }

    @Test
    void startsOnTheFileAndTheVariablesOfTheFirstVelo() throws Exception {
        try (RawBackend backend = RawBackend.saying("hello")) {
            Path file = Files.writeString(directory.resolve("first.yaml"), """
                    server: { address: 127.0.0.2, port: 1 }
                    backends:
                      urls: [ "%s" ]
                    strategy: leastconnection
                    """.formatted(backend.url()));
            ProcessBuilder builder = process("--config", file.toString());
            builder.environment().putAll(Map.of("LB_PORT", "0", "LB_ADDRESS", "127.0.0.1", "LB_HELTH_INTERVAL", "1s"));
            Path out = directory.resolve("log");
            Process velo = builder.redirectErrorStream(true)
                    .redirectOutput(out.toFile())
                    .start();
            try {
                await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS).untilAsserted(() -> assertThat(out)
                        .content()
                        .contains("variable LB_HELTH_INTERVAL means nothing to Velo")
                        .contains("pool default: leastconnection over http://127.0.0.1:" + backend.port()));

                assertThat(RawClient.get(port(Files.readString(out)), "/").body())
                        .isEqualTo("hello");
            } finally {
                velo.destroy();
            }
            assertThat(velo.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void readsItsFileAgainAtSighup() throws Exception {
        assumeFalse(isHangUpIgnored(), "run by nohup: what it starts doesn't get the signal, either");
        try (RawBackend one = RawBackend.saying("one");
                RawBackend two = RawBackend.saying("two")) {
            ConfigFile file = ConfigFile.in(directory, "lb.health.enabled: false", ConfigFile.backends(one));
            try (JarProcess velo = JarProcess.start(List.of(), file.property(), "lb.reload.watch=false")) {
                assertThat(RawClient.get(velo.port(), "/").body()).isEqualTo("one");

                file.write("lb.health.enabled: false", ConfigFile.backends(two));
                velo.signal("HUP");

                await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS).untilAsserted(() -> assertThat(
                                RawClient.get(velo.port(), "/").body())
                        .as(velo.log())
                        .isEqualTo("two"));
                assertThat(velo.isAlive()).isTrue();
            }
        }
    }

    private static boolean isHangUpIgnored() throws IOException {
        Path status = Path.of("/proc/self/status");
        return Files.exists(status)
                && Files.readAllLines(status).stream()
                        .filter(line -> line.startsWith("SigIgn:"))
                        .anyMatch(line ->
                                (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 1) == 1);
    }

    private static int port(String log) {
        Matcher line = Pattern.compile("balancing on 127\\.0\\.0\\.1:(\\d+)").matcher(log);
        assertThat(line.find()).as(log).isTrue();
        return Integer.parseInt(line.group(1));
    }

    private Result velo(String... arguments) throws Exception {
        return run(process(arguments));
    }

    private ProcessBuilder process(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-jar",
                JarProcess.jar().toString()));
        command.addAll(Arrays.asList(arguments));
        return new ProcessBuilder(command).directory(directory.toFile());
    }

    private Result run(ProcessBuilder builder) throws IOException, InterruptedException {
        Path out = directory.resolve("out");
        Path err = directory.resolve("err");
        Process process =
                builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        try {
            assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
                    .as("ended; so far: %s", Files.readString(out))
                    .isTrue();
        } finally {
            process.destroyForcibly();
        }
        return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    private record Result(int exitCode, String out, String err) {}
}
