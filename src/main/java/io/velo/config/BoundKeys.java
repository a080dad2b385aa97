package io.velo.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertyState;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;

/**
 * The sources of properties as a pool sees them, and what stands in them under {@code lb} that means nothing. A pool looks
 * for each key at its own place first and then above.
 */
final class BoundKeys {

    static final ConfigurationPropertyName LB = ConfigurationPropertyName.of("lb");
    static final ConfigurationPropertyName POOLS = LB.append("pools");

    /** What a pool doesn't take from above: what stands for the default pool or for all of Velo. */
    private static final Set<String> NOT_INHERITED = Set.of("backends", "pools", "canary", "mirror");

    private final List<ConfigurationPropertySource> sources;

    BoundKeys(List<ConfigurationPropertySource> sources) {
        this.sources = sources;
    }

    /** The sources as they are. */
    List<ConfigurationPropertySource> all() {
        return sources.stream().map(source -> view(source, LB, any -> true)).toList();
    }

    /** The sources as one pool sees them under {@code lb}: its own keys first, then those above. */
    List<ConfigurationPropertySource> ofPool(String pool) {
        ConfigurationPropertyName own =
                POOLS.append(pool.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9-]|^-+", ""));
        List<ConfigurationPropertySource> views = new ArrayList<>();
        sources.forEach(source -> views.add(view(source, own, any -> true)));
        sources.forEach(source -> views.add(view(source, LB, BoundKeys::inherited)));
        return views;
    }

    private static boolean inherited(ConfigurationPropertyName name) {
        return name.getNumberOfElements() < 2 || !NOT_INHERITED.contains(name.getElement(1, Form.UNIFORM));
    }

    /** Names of the further pools, in any source, as they are written. */
    Collection<String> poolNames() {
        PoolNames names = new PoolNames();
        eachName(false, names::addKey);
        eachName(true, names::addVariable);
        return names.all();
    }

    private void eachName(boolean environment, Consumer<ConfigurationPropertyName> action) {
        iterable(environment).forEach(source -> source.forEach(action));
    }

    /** Keys under {@code lb} in files and flags that mean nothing. */
    List<ConfigurationProperty> unknown() {
        return unknown(false);
    }

    /** The same in the environment, where a name may belong to somebody else. */
    List<ConfigurationProperty> unknownVariables() {
        return unknown(true);
    }

    private List<ConfigurationProperty> unknown(boolean environment) {
        return iterable(environment).stream()
                .flatMap(source -> source.stream()
                        .filter(name -> LB.isAncestorOf(name) && !isKnown(name, environment, source))
                        .map(source::getConfigurationProperty))
                .filter(Objects::nonNull)
                .toList();
    }

    private static boolean isKnown(
            ConfigurationPropertyName name, boolean variable, IterableConfigurationPropertySource source) {
        if (leavesGap(name, source)) {
            return false;
        }
        boolean group = isGroup(name) || POOLS.isParentOf(name);
        return (group && isEmpty(source.getConfigurationProperty(name)))
                || endOfPool(name, variable) > 0
                || (variable ? KnownKeys.OF_ALL.containVariable(name, 1) : KnownKeys.OF_ALL.contain(name, 1));
    }

    /** Where the name of the pool ends and a key of pools begins; 0 if the key is not that of a pool. */
    static int endOfPool(ConfigurationPropertyName key, boolean variable) {
        int first = POOLS.getNumberOfElements() + 1;
        if (!POOLS.isAncestorOf(key)) {
            return 0;
        }
        if (!variable) {
            return KnownKeys.OF_POOL.contain(key, first) ? first : 0;
        }
        for (int end = first; end < key.getNumberOfElements(); end++) {
            if (KnownKeys.OF_POOL.containVariable(key, end)) {
                return end;
            }
        }
        return 0;
    }

    /** Whether its list has no element before it; a list is read up to its first gap. */
    private static boolean leavesGap(ConfigurationPropertyName name, ConfigurationPropertySource source) {
        for (int i = 1; i < name.getNumberOfElements(); i++) {
            int index = name.isNumericIndex(i) ? Integer.parseInt(name.getElement(i, Form.ORIGINAL)) : 0;
            ConfigurationPropertyName before = name.chop(i).append("[" + (index - 1) + "]");
            if (index > 0
                    && source.getConfigurationProperty(before) == null
                    && source.containsDescendantOf(before) == ConfigurationPropertyState.ABSENT) {
                return true;
            }
        }
        return false;
    }

    private List<IterableConfigurationPropertySource> iterable(boolean environment) {
        return sources.stream()
                .filter(source -> isEnvironment(source) == environment)
                .filter(IterableConfigurationPropertySource.class::isInstance)
                .map(IterableConfigurationPropertySource.class::cast)
                .toList();
    }

    private static boolean isEnvironment(ConfigurationPropertySource source) {
        return source.getUnderlyingSource() instanceof PropertySource<?> underlying
                && underlying.getName().endsWith(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME);
    }

    /** YAML makes an empty text of a key under which everything is a comment. */
    private static boolean isEmpty(@Nullable ConfigurationProperty property) {
        return property != null && property.getValue() instanceof CharSequence text && text.length() == 0;
    }

    /** Whether it has keys under it and so can have no value of its own. */
    static boolean isGroup(ConfigurationPropertyName name) {
        boolean ofPool = POOLS.isAncestorOf(name) && KnownKeys.OF_POOL.haveGroup(name, POOLS.getNumberOfElements() + 1);
        return ofPool || LB.equals(name) || KnownKeys.OF_ALL.haveGroup(name, 1);
    }

    private static ConfigurationPropertySource view(
            ConfigurationPropertySource source,
            ConfigurationPropertyName base,
            Predicate<ConfigurationPropertyName> wanted) {
        return source instanceof IterableConfigurationPropertySource file && !isEnvironment(source)
                ? new KeysBelow(file, base, wanted)
                : new AnyKeyBelow(source, base).filter(wanted);
    }
}
