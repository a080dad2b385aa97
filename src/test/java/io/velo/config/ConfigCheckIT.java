package io.velo.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code --check-config} reads what a start would read, and starts nothing. */
class ConfigCheckIT {

    @TempDir
    private Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void findsTheTemplateRight() throws IOException {
        assertThat(check("--config", file("velo.yaml", template()))).isZero();
        assertThat(text(out)).isEqualTo("the configuration is right\n");
        assertThat(text(err)).isEmpty();
    }

    @Test
    void readsAFileWhateverItsNameIs() throws IOException {
        assertThat(check("--config", file("my #1 velo.conf", "lb.health.rise: 0\n")))
                .isEqualTo(1);
        assertThat(text(err)).startsWith("lb.health.rise (LB_HEALTH_RISE) is '0' but must be at least 1 [");
    }

    @Test
    void tellsEachProblemOnALine() throws IOException {
        String file = file("velo.yaml", """
                lb:
                  strategy: fastest
                  helth.rise: 1
                  health: { rise: 0, interval: soon }
                """);

        assertThat(check("--lb.metrics.path=x", "--config=" + file)).isEqualTo(1);
        assertThat(text(out)).isEmpty();
        assertThat(text(err).lines())
                .hasSize(5)
                .anyMatch(line -> line.startsWith("lb.strategy (LB_STRATEGY) is 'fastest' but must be one of "))
                .anyMatch(line -> line.startsWith("lb.helth.rise (LB_HELTH_RISE) is '1' but there is no such key [")
                        && line.endsWith("velo.yaml] - 3:15]"))
                .anyMatch(line -> line.startsWith("lb.health.rise (LB_HEALTH_RISE) is '0' but must be at least 1 ["))
                .anyMatch(line -> line.startsWith(
                        "lb.health.interval (LB_HEALTH_INTERVAL) is 'soon' but must be a duration such as 500ms"))
                .anyMatch(line -> line.startsWith(
                        "lb.metrics.path (LB_METRICS_PATH) is 'x' but must be a path such as /metrics"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rr", "leastconn", "p2c", "random", "leasttime", "hash"})
    void knowsEveryStrategyThatVeloBrings(String strategy) {
        assertThat(check("--lb.strategy=" + strategy)).isZero();
    }

    @Test
    void tellsOfAFileThatIsNoYaml() throws IOException {
        assertThat(check("--config", file("velo.yaml", "lb: [ }\n"))).isEqualTo(1);
        assertThat(text(err)).contains("line 1, column 7").doesNotContain("\tat ");
    }

    @Test
    void takesTheLaterOfTwoFiles() throws IOException {
        String first = file("first.yaml", "lb.health.rise: 1\n");
        String second = file("second.yaml", "lb.health.rise: 0\n");

        assertThat(check("--config", first, "--config", second)).isEqualTo(1);
        assertThat(check("--config", second, "--config", first)).isZero();
    }

    private int check(String... arguments) {
        CommandLine command = new CommandLine(
                new PrintStream(out, true, StandardCharsets.UTF_8), new PrintStream(err, true, StandardCharsets.UTF_8));
        List<String> all = new ArrayList<>(List.of("--check-config"));
        all.addAll(List.of(arguments));
        return command.read(all).exitCode().orElseThrow();
    }

    private String file(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text).toString();
    }

    private static String template() throws IOException {
        return new String(
                CommandLine.class.getResourceAsStream("/velo-template.yaml").readAllBytes(), StandardCharsets.UTF_8);
    }

    private static String text(ByteArrayOutputStream stream) {
        return stream.toString(StandardCharsets.UTF_8);
    }
}
