package io.velo.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.env.OriginTrackedMapPropertySource;
import org.springframework.boot.origin.TextResourceOrigin;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.io.Resource;

/**
 * The files that configure Velo, absolute and as they were named, so that a link stays one.
 *
 * @param read those from which something was read
 * @param possible those that would be read if they were there
 */
record ConfigFiles(Set<Path> read, Set<Path> possible) {

    private static final String[] BESIDE = {
        "application.yaml", "application.yml", "application.properties",
        "config/application.yaml", "config/application.yml", "config/application.properties"
    };

    ConfigFiles {
        read = Set.copyOf(read);
        possible = Set.copyOf(possible);
    }

    static ConfigFiles of(ConfigurableEnvironment environment) {
        Set<Path> read = new LinkedHashSet<>();
        environment.getPropertySources().stream()
                .filter(OriginTrackedMapPropertySource.class::isInstance)
                .map(OriginTrackedMapPropertySource.class::cast)
                .flatMap(ConfigFiles::filesOf)
                .forEach(read::add);
        Set<Path> possible = new LinkedHashSet<>(read);
        if (!environment.containsProperty("spring.config.location")) {
            Arrays.stream(BESIDE).map(Path::of).map(Path::toAbsolutePath).forEach(possible::add);
        }
        return new ConfigFiles(read, possible);
    }

    private static Stream<Path> filesOf(OriginTrackedMapPropertySource source) {
        return Arrays.stream(source.getPropertyNames())
                .map(source::getOrigin)
                .filter(TextResourceOrigin.class::isInstance)
                .map(origin -> ((TextResourceOrigin) origin).getResource())
                .filter(Objects::nonNull)
                .distinct()
                .flatMap(ConfigFiles::fileOf);
    }

    private static Stream<Path> fileOf(@Nullable Resource resource) {
        try {
            return resource != null && resource.isFile()
                    ? Stream.of(resource.getFile().toPath().toAbsolutePath())
                    : Stream.empty();
        } catch (IOException e) {
            return Stream.empty(); // inside a jar
        }
    }

    /** What stands in them now; a file that isn't there is left out. */
    Map<Path, String> contents() {
        Map<Path, String> contents = new TreeMap<>();
        for (Path file : possible) {
            try {
                contents.put(file, Files.readString(file, StandardCharsets.ISO_8859_1)); // takes any bytes
            } catch (IOException e) {
                // away, perhaps for the moment in which it is replaced
            }
        }
        return contents;
    }

    /**
     * A file that has just gone or is empty is being replaced. Read now it would take every backend away.
     *
     * @throws IllegalStateException if one of those read before is so
     */
    void refuseBlank() {
        Map<Path, String> contents = contents();
        for (Path file : read) {
            String content = contents.get(file);
            if (content == null || content.isBlank()) {
                throw new IllegalStateException(
                        "the file " + file + (content == null ? " is gone or cannot be read" : " is empty"));
            }
        }
    }
}
