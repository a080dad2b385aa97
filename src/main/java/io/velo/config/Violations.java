package io.velo.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;

/** Collects broken rules, each with the place where the value was set. */
final class Violations {

    /** Timers and sockets count milliseconds in an int. */
    private static final Duration LONGEST = Duration.ofDays(24);

    private final List<ConfigurationPropertySource> sources;
    private final List<ConfigProblem> found = new ArrayList<>();

    Violations(List<ConfigurationPropertySource> sources) {
        this.sources = sources;
    }

    List<ConfigProblem> found() {
        return found;
    }

    void add(ConfigProblem problem) {
        found.add(problem);
    }

    void unless(boolean holds, String key, @Nullable Object value, String rule) {
        if (!holds) {
            found.add(new ConfigProblem(key, text(value), rule, origin(key)));
        }
    }

    void positive(String key, Duration value) {
        boolean holds = value.toMillis() >= 1 && value.compareTo(LONGEST) <= 0;
        unless(holds, key, value, "must be at least 1ms and at most 24d");
    }

    void notNegative(String key, Duration value) {
        unless(!value.isNegative() && value.compareTo(LONGEST) <= 0, key, value, "must be at least 0s and at most 24d");
    }

    void between(String key, double value, double least, double most) {
        unless(value >= least && value <= most, key, plain(value), "must be " + plain(least) + " to " + plain(most));
    }

    void atLeast(String key, int value, int least) {
        unless(value >= least, key, value, "must be at least " + least);
    }

    /** A duration as people write it: 5s, 500ms. */
    static String text(@Nullable Object value) {
        if (value instanceof Duration duration) {
            return inUnits(duration);
        }
        return String.valueOf(value);
    }

    private static String inUnits(Duration duration) {
        if (duration.toNanosPart() == 0) {
            return duration.toSeconds() + "s";
        }
        boolean millis = duration.toNanosPart() % 1_000_000 == 0;
        return millis ? duration.toMillis() + "ms" : duration.toNanos() + "ns";
    }

    private static String plain(double value) {
        return value == Math.rint(value) ? String.valueOf((long) value) : String.valueOf(value);
    }

    /** Of a list or a pool the place of its first key, of a backend written as a URL alone that of the URL. */
    private String origin(String key) {
        ConfigurationPropertyName name = ConfigurationPropertyName.adapt(key, '.');
        return origin(name)
                .or(() -> originBelow(name))
                .or(() -> originAbove(name))
                .orElse("");
    }

    private Optional<String> origin(ConfigurationPropertyName name) {
        return sources.stream()
                .map(source -> source.getConfigurationProperty(name))
                .filter(Objects::nonNull)
                .findFirst()
                .map(property -> String.valueOf(property.getOrigin()));
    }

    private Optional<String> originBelow(ConfigurationPropertyName name) {
        return sources.stream()
                .filter(IterableConfigurationPropertySource.class::isInstance)
                .flatMap(source -> ((IterableConfigurationPropertySource) source).stream())
                .filter(name::isAncestorOf)
                .findFirst()
                .flatMap(this::origin);
    }

    private Optional<String> originAbove(ConfigurationPropertyName name) {
        ConfigurationPropertyName parent = name.getParent();
        return parent == null || parent.isEmpty()
                ? Optional.empty()
                : origin(parent).or(() -> originAbove(parent));
    }
}
