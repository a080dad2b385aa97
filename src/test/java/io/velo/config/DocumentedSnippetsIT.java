package io.velo.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.velo.docs.Document;
import io.velo.docs.Document.Block;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the manual shows of configuration files is right, as {@code --check-config} sees it. */
class DocumentedSnippetsIT {

    /** That of a program that Velo takes the place of. */
    private static final String OF_ANOTHER = "not Velo's";

    @TempDir
    private Path directory;

    static List<Block> snippets() {
        return Document.all().stream()
                .flatMap(page -> page.blocks("yaml").stream())
                .filter(block -> !block.mark().equals(OF_ANOTHER))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("snippets")
    void isRight(Block snippet) throws IOException {
        ByteArrayOutputStream told = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(told, true, StandardCharsets.UTF_8);
        Path file = Files.writeString(directory.resolve("velo.yaml"), snippet.text());

        int code = new CommandLine(out, out)
                .read(List.of("--check-config", "--config", file.toString(), "--AFFINITY_SECRET=as-long-as-it-must-be"))
                .exitCode()
                .orElseThrow();

        assertThat(told.toString(StandardCharsets.UTF_8)).as("%s", snippet).isEqualTo("the configuration is right\n");
        assertThat(code).isZero();
    }
}
