package io.velo.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {

    @TempDir
    private Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private Path file;

    @BeforeEach
    void writeFile() throws IOException {
        file = Files.writeString(directory.resolve("velo.yaml"), "lb.backends: http://localhost:1\n");
    }

    @Test
    void readsAFileInAllSpellings() {
        String location = "--spring.config.additional-location=" + file.toUri();

        assertThat(read("--config", file.toString()).springArguments()).containsExactly(location);
        assertThat(read("--config=" + file).springArguments()).containsExactly(location);
        assertThat(read("-config", file.toString()).springArguments()).containsExactly(location);
        assertThat(read("-config=" + file).springArguments()).containsExactly(location);
        assertThat(read("-config=" + file).exitCode()).isEmpty();
    }

    @Test
    void readsSeveralFilesInTheirOrder() throws IOException {
        Path second = Files.writeString(directory.resolve("second.properties"), "lb.strategy=roundrobin\n");

        assertThat(read("--config", file.toString(), "--config", second.toString())
                        .springArguments())
                .containsExactly("--spring.config.additional-location=" + file.toUri() + "," + second.toUri());
    }

    @Test
    void takesAFileOfAnotherNameForYaml() throws IOException {
        Path other = Files.writeString(directory.resolve("velo.conf"), "lb.strategy: roundrobin\n");

        assertThat(read("--config", other.toString()).springArguments())
                .containsExactly("--spring.config.additional-location=" + other.toUri() + "[.yaml]");
    }

    @Test
    void leavesKeysToSpring() {
        CommandLine command =
                read("--lb.strategy=leastconnection", "--server.port=1", "--debug", "--name=x", "--lb.metrics.enabled");

        assertThat(command.exitCode()).isEmpty();
        assertThat(command.springArguments())
                .containsExactly(
                        "--lb.strategy=leastconnection",
                        "--server.port=1",
                        "--debug",
                        "--name=x",
                        "--lb.metrics.enabled");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--generate-config", "-generate-config"})
    void printsTheTemplate(String flag) throws IOException {
        CommandLine command = read(flag);

        assertThat(command.exitCode()).hasValue(0);
        assertThat(text(out))
                .isEqualTo(new String(
                        CommandLine.class
                                .getResourceAsStream("/velo-template.yaml")
                                .readAllBytes(),
                        StandardCharsets.UTF_8))
                .contains("\nlb:\n");
        assertThat(text(err)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "-help", "-h"})
    void printsHelp(String flag) {
        CommandLine command = read(flag);

        assertThat(command.exitCode()).hasValue(0);
        assertThat(text(out))
                .contains(
                        "--config FILE",
                        "--generate-config",
                        "--check-config",
                        "--version",
                        "--help",
                        "--key=value",
                        "demo-backend PORT");
        assertThat(text(err)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--version", "-version"})
    void printsTheVersion(String flag) {
        CommandLine command = read(flag);

        assertThat(command.exitCode()).hasValue(0);
        assertThat(text(out)).matches("velo \\S+\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--generate-confg",
                "--cofnig",
                "-c",
                "-lb.strategy=x",
                "config",
                "help",
                "file.yaml",
                "--",
                "-",
                ""
            })
    void refusesWhatIsNoFlag(String argument) {
        CommandLine command = read(argument, "--help");

        assertThat(command.exitCode()).hasValue(1);
        assertThat(text(err)).isEqualTo("velo: '" + argument + "' is no flag; --help lists them\n");
        assertThat(text(out)).isEmpty();
    }

    @Test
    void refusesAFileThatIsNotThere() {
        CommandLine command = read("--config", directory + "/none.yaml");

        assertThat(command.exitCode()).hasValue(1);
        assertThat(text(err)).isEqualTo("velo: the file " + directory + "/none.yaml of --config cannot be read\n");
    }

    @Test
    void refusesADirectory() {
        assertThat(read("--config=" + directory).exitCode()).hasValue(1);
        assertThat(text(err)).isEqualTo("velo: the file " + directory + " of --config cannot be read\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--config", "--config="})
    void refusesNoFile(String flag) {
        assertThat(read(flag).exitCode()).hasValue(1);
        assertThat(text(err)).isEqualTo("velo: --config needs a file\n");
    }

    private CommandLine read(String... arguments) {
        return new CommandLine(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8))
                .read(List.of(arguments));
    }

    private static String text(ByteArrayOutputStream stream) {
        return stream.toString(StandardCharsets.UTF_8);
    }
}
