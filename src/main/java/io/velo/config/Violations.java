package io.velo.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.OriginLookup;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.PropertySource;

/** Collects broken rules, each with the place where the value was set. */
final class Violations {

    private final ConfigurableEnvironment environment;
    private final List<ConfigProblem> found = new ArrayList<>();

    Violations(ConfigurableEnvironment environment) {
        this.environment = environment;
    }

    List<ConfigProblem> found() {
        return found;
    }

    void unless(boolean holds, String key, @Nullable Object value, String rule) {
        if (!holds) {
            found.add(new ConfigProblem(key, text(value), rule, origin(key)));
        }
    }

    void positive(String key, Duration value) {
        unless(!value.isNegative() && !value.isZero(), key, value, "must be longer than nothing");
    }

    void notNegative(String key, Duration value) {
        unless(!value.isNegative(), key, value, "must not be negative");
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
            long millis = duration.toMillis();
            return millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms";
        }
        return String.valueOf(value);
    }

    private static String plain(double value) {
        return value == Math.rint(value) ? String.valueOf((long) value) : String.valueOf(value);
    }

    private String origin(String key) {
        for (PropertySource<?> source : environment.getPropertySources()) {
            Origin origin = OriginLookup.getOrigin(source, key);
            if (origin != null) {
                return origin.toString();
            }
        }
        return "";
    }
}
