package io.velo.config;

import java.util.Collection;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;

/** A few names of a source that has many. Spring's binder looks through all names of a source for each list that it binds. */
final class PartialSource implements IterableConfigurationPropertySource {

    private final ConfigurationPropertySource whole;
    private final Collection<ConfigurationPropertyName> names;

    PartialSource(ConfigurationPropertySource whole, Collection<ConfigurationPropertyName> names) {
        this.whole = whole;
        this.names = names;
    }

    @Override
    public Stream<ConfigurationPropertyName> stream() {
        return names.stream();
    }

    @Override
    public @Nullable ConfigurationProperty getConfigurationProperty(ConfigurationPropertyName name) {
        return whole.getConfigurationProperty(name);
    }

    @Override
    public @Nullable Object getUnderlyingSource() {
        return whole.getUnderlyingSource();
    }
}
