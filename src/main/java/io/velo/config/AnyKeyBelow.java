package io.velo.config;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertyState;

/** A source of which a part stands under {@code lb}; it is asked for each key, under its own name for it. */
final class AnyKeyBelow implements ConfigurationPropertySource {

    private final ConfigurationPropertySource source;
    private final ConfigurationPropertyName base;

    AnyKeyBelow(ConfigurationPropertySource source, ConfigurationPropertyName base) {
        this.source = source;
        this.base = base;
    }

    @Override
    public @Nullable ConfigurationProperty getConfigurationProperty(ConfigurationPropertyName name) {
        return BoundKeys.isGroup(name) ? null : source.getConfigurationProperty(actual(name));
    }

    @Override
    public ConfigurationPropertyState containsDescendantOf(ConfigurationPropertyName name) {
        return source.containsDescendantOf(actual(name));
    }

    private ConfigurationPropertyName actual(ConfigurationPropertyName name) {
        boolean under = BoundKeys.LB.equals(name) || BoundKeys.LB.isAncestorOf(name);
        return under && !base.equals(BoundKeys.LB) ? base.append(name.subName(1)) : name;
    }
}
