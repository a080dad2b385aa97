package io.velo.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** An access log in JSON while it is written. */
public final class AccessLogFile {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Path file;
    private int read;

    public AccessLogFile(Path file) {
        this.file = file;
    }

    /** The properties that make Velo write it. */
    public String[] properties() {
        return new String[] {"lb.access-log.enabled=true", "lb.access-log.file=" + file};
    }

    private List<String> lines() {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until there are as many new lines, and takes them. */
    public List<Map<String, Object>> next(int count) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(5)).untilAsserted(() -> assertThat(lines())
                .hasSizeGreaterThanOrEqualTo(read + count));
        List<String> all = lines();
        assertThat(all).as("lines, of which %d are old", read).hasSize(read + count);
        List<String> fresh = all.subList(read, all.size());
        read = all.size();
        return fresh.stream().map(AccessLogFile::parsed).toList();
    }

    /** Waits for the next line. */
    public Map<String, Object> next() {
        return next(1).get(0);
    }

    /** Waits for the line of this target, and takes all up to the last. */
    public List<Map<String, Object>> until(String target) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(lines()).anyMatch(line -> line.contains('"' + target + '"')));
        return next(lines().size() - read);
    }

    /** How many lines there are. */
    public int size() {
        return lines().size();
    }

    private static Map<String, Object> parsed(String line) {
        return JSON.readValue(line, new TypeReference<Map<String, Object>>() {});
    }
}
