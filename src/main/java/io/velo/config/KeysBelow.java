package io.velo.config;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertyState;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;

/**
 * The keys that a source has below one place, as if they stood under {@code lb}. They are looked up once; the binder, which
 * asks for every key that there could be, then asks a map.
 */
final class KeysBelow implements ConfigurationPropertySource {

    private final ConfigurationPropertySource source;
    private final Map<ConfigurationPropertyName, ConfigurationPropertyName> keys = new HashMap<>();
    private final Set<ConfigurationPropertyName> above = new HashSet<>();

    /**
     * @param wanted which of them, by their names under {@code lb}
     */
    KeysBelow(
            IterableConfigurationPropertySource source,
            ConfigurationPropertyName base,
            Predicate<ConfigurationPropertyName> wanted) {
        this.source = source;
        source.stream().filter(base::isAncestorOf).forEach(key -> add(key, base, wanted));
    }

    private void add(
            ConfigurationPropertyName key,
            ConfigurationPropertyName base,
            Predicate<ConfigurationPropertyName> wanted) {
        ConfigurationPropertyName name = BoundKeys.LB.append(key.subName(base.getNumberOfElements()));
        if (!wanted.test(name)) {
            return;
        }
        keys.put(name, key);
        for (ConfigurationPropertyName each = name.getParent();
                !each.isEmpty() && above.add(each);
                each = each.getParent()) {
            // up to the first that is known already
        }
    }

    /** All of them with their values as they are written. */
    Map<ConfigurationPropertyName, String> written() {
        Map<ConfigurationPropertyName, String> written = new HashMap<>();
        keys.forEach((name, key) -> {
            ConfigurationProperty property = source.getConfigurationProperty(key);
            written.put(name, property == null ? "" : String.valueOf(property.getValue()));
        });
        return written;
    }

    @Override
    public @Nullable ConfigurationProperty getConfigurationProperty(ConfigurationPropertyName name) {
        ConfigurationPropertyName key = keys.get(name);
        return key == null || BoundKeys.isGroup(name) ? null : source.getConfigurationProperty(key);
    }

    @Override
    public ConfigurationPropertyState containsDescendantOf(ConfigurationPropertyName name) {
        return above.contains(name) ? ConfigurationPropertyState.PRESENT : ConfigurationPropertyState.ABSENT;
    }
}
