package io.velo.accesslog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.velo.accesslog.AccessLogSettings.Format;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessLogTest {

    @TempDir
    private Path folder;

    private AccessLog open(Path file, long maxFileBytes) {
        return AccessLog.open(new AccessLogSettings(Format.COMBINED, file.toString(), maxFileBytes, 7, 10_000), () -> {
            throw new AssertionError("dropped a line");
        });
    }

    private static long lines(Path file) throws IOException {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.count();
        }
    }

    @Test
    void writesAllThatWaitsBeforeItCloses() throws IOException {
        Path file = folder.resolve("new/folder/access.log");

        try (AccessLog log = open(file, 1 << 20)) {
            for (int i = 0; i < 100; i++) {
                log.recorded(Requests.whole());
            }
        }

        assertThat(lines(file)).isEqualTo(100);
    }

    @Test
    void goesOnWhereItLeftOff() throws IOException {
        Path file = folder.resolve("access.log");

        for (int i = 0; i < 2; i++) {
            try (AccessLog log = open(file, 1 << 20)) {
                log.recorded(Requests.whole());
            }
        }

        assertThat(lines(file)).isEqualTo(2);
    }

    @RepeatedTest(10)
    void putsAFileAsideThatHasGrownTooLarge() throws IOException {
        Path file = folder.resolve("access.log");

        for (int i = 0; i < 3; i++) {
            try (AccessLog log = open(file, 1_000)) {
                for (int line = 0; line < 20; line++) {
                    log.recorded(Requests.whole());
                }
            }
        }

        try (Stream<Path> found = Files.list(folder)) {
            List<Path> files = found.toList();
            assertThat(files).hasSizeGreaterThan(1);
            long all = 0;
            for (Path each : files) {
                all += lines(each);
            }
            assertThat(all).isEqualTo(60);
        }
    }

    @Test
    void doesNotOpenWhatCannotBeWritten() {
        assertThatThrownBy(() -> open(folder, 1 << 20))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the access log " + folder + " can't be written");
    }
}
