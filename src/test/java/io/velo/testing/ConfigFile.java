package io.velo.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

/** A file of configuration that a test changes while Velo runs. */
public record ConfigFile(Path path) {

    /** In a directory, with these lines of YAML. */
    public static ConfigFile in(Path directory, String... lines) throws IOException {
        ConfigFile file = new ConfigFile(directory.resolve("velo.yaml"));
        file.write(lines);
        return file;
    }

    /** Writes other lines, in place. */
    public void write(String... lines) throws IOException {
        Files.writeString(path, String.join("\n", lines) + "\n");
    }

    /** The property by which Velo reads it. */
    public String property() {
        return "spring.config.additional-location=" + path.toUri();
    }

    /** One line that names the backends of the default pool, by their addresses. */
    public static String backends(RawBackend... backends) {
        return Arrays.stream(backends)
                .map(backend -> "\"" + backend.url() + "\"")
                .collect(Collectors.joining(", ", "lb.backends: [ ", " ]"));
    }
}
