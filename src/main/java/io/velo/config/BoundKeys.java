package io.velo.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertyState;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;

/** Looks keys up for the binder and remembers which were asked for, so that keys nobody asks for can be refused. */
final class BoundKeys {

    static final ConfigurationPropertyName LB = ConfigurationPropertyName.of("lb");
    static final ConfigurationPropertyName POOLS = LB.append("pools");

    /** What a pool doesn't take from above: what stands for the default pool or for all of Velo. */
    private static final Set<String> NOT_INHERITED = Set.of("backends", "pools");

    private final List<ConfigurationPropertySource> sources;
    private final Set<ConfigurationPropertyName> asked = new HashSet<>();

    BoundKeys(List<ConfigurationPropertySource> sources) {
        this.sources = sources;
    }

    /** The sources as they are. */
    List<ConfigurationPropertySource> all() {
        return sources.stream().map(source -> view(source, LB)).toList();
    }

    /** The sources as one pool sees them under {@code lb}: its own keys first, then those above. */
    List<ConfigurationPropertySource> ofPool(String pool) {
        ConfigurationPropertyName own = POOLS.append(pool);
        List<ConfigurationPropertySource> views = new ArrayList<>();
        sources.forEach(source -> views.add(view(source, own)));
        sources.forEach(source -> views.add(view(source, LB).filter(BoundKeys::inherited)));
        return views;
    }

    private static boolean inherited(ConfigurationPropertyName name) {
        return name.getNumberOfElements() < 2
                || !NOT_INHERITED.contains(name.getElement(1, ConfigurationPropertyName.Form.UNIFORM));
    }

    /** Names of the further pools, in any source. */
    Set<String> poolNames() {
        Set<String> names = new TreeSet<>();
        for (ConfigurationPropertySource source : sources) {
            if (source instanceof IterableConfigurationPropertySource iterable) {
                iterable.stream()
                        .filter(POOLS::isAncestorOf)
                        .forEach(name -> names.add(name.getElement(2, ConfigurationPropertyName.Form.DASHED)));
            }
        }
        return names;
    }

    /** Keys under {@code lb} in files and flags that mean nothing. */
    List<ConfigurationProperty> unknown() {
        return named(false);
    }

    /** The same in the environment, where a name may belong to somebody else. */
    List<ConfigurationProperty> unknownVariables() {
        return named(true);
    }

    private List<ConfigurationProperty> named(boolean environment) {
        return sources.stream()
                .filter(source -> isEnvironment(source) == environment)
                .filter(IterableConfigurationPropertySource.class::isInstance)
                .map(IterableConfigurationPropertySource.class::cast)
                .flatMap(source -> source.stream()
                        .filter(name -> LB.isAncestorOf(name) && !asked.contains(name))
                        .map(source::getConfigurationProperty))
                .filter(Objects::nonNull)
                .toList();
    }

    private static boolean isEnvironment(ConfigurationPropertySource source) {
        return source.getUnderlyingSource() instanceof PropertySource<?> underlying
                && underlying.getName().endsWith(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME);
    }

    private ConfigurationPropertySource view(ConfigurationPropertySource source, ConfigurationPropertyName base) {
        return new ConfigurationPropertySource() {
            @Override
            public @Nullable ConfigurationProperty getConfigurationProperty(ConfigurationPropertyName name) {
                ConfigurationPropertyName actual = actual(name);
                asked.add(actual);
                return source.getConfigurationProperty(actual);
            }

            @Override
            public ConfigurationPropertyState containsDescendantOf(ConfigurationPropertyName name) {
                return source.containsDescendantOf(actual(name));
            }

            private ConfigurationPropertyName actual(ConfigurationPropertyName name) {
                boolean under = LB.equals(name) || LB.isAncestorOf(name);
                return under && !base.equals(LB) ? base.append(name.subName(1)) : name;
            }
        };
    }
}
