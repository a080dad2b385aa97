package io.velo.config;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;

/**
 * What the same keys with the same values came to before. Binding takes most of the time of a reload, and most pools read as
 * they did before. The environment and the flags don't change while Velo runs; values with placeholders, which may come to
 * something else each time, are not remembered. Thread-safe.
 */
final class ReadBefore {

    private static final long MOST = 1_000;

    private final Cache<Written, Object> bound =
            Caffeine.newBuilder().maximumSize(MOST).build();

    /** What these keys came to the last time. */
    <T> Optional<T> recall(Written written, Class<T> type) {
        return Optional.ofNullable(type.cast(bound.getIfPresent(written)));
    }

    /** Keeps what they have come to, if it will be the same the next time. */
    void remember(Written written, Object read) {
        if (!written.hasPlaceholder()) {
            bound.put(written, read);
        }
    }

    /** Everything that stands in files for something, one source after another. */
    record Written(Class<?> type, List<Map<ConfigurationPropertyName, String>> keys) {

        static Written in(List<ConfigurationPropertySource> sources, Class<?> type) {
            return new Written(
                    type,
                    sources.stream()
                            .filter(KeysBelow.class::isInstance)
                            .map(source -> ((KeysBelow) source).written())
                            .toList());
        }

        boolean hasPlaceholder() {
            return keys.stream().flatMap(each -> each.values().stream()).anyMatch(value -> value.contains("${"));
        }
    }
}
