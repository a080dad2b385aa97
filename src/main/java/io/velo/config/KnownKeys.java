package io.velo.config;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Collection;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;

/**
 * The keys that there are, read from a properties record and those inside it. Keys are compared as Spring does, without
 * regard to case and dashes; {@code []} stands for any place in a list.
 */
final class KnownKeys {

    /** What can stand under {@code lb.pools.<name>}. */
    static final KnownKeys OF_POOL = new KnownKeys(PoolProperties.class);

    /** What can stand under {@code lb}, further pools apart. */
    static final KnownKeys OF_ALL = new KnownKeys(PoolProperties.class, LbProperties.class);

    private final Set<String> keys = new HashSet<>();
    private final Set<String> groups = new HashSet<>();
    private final Set<String> withoutDots = new HashSet<>();

    private KnownKeys(Class<?>... records) {
        for (Class<?> each : records) {
            addAll("", each);
        }
        keys.forEach(key -> withoutDots.add(key.replace(".", "")));
    }

    private void addAll(String prefix, Class<?> properties) {
        for (RecordComponent component : properties.getRecordComponents()) {
            String key = prefix + component.getName().toLowerCase(Locale.ROOT);
            Class<?> type = component.getType();
            if (type.isRecord()) {
                addAll(key + ".", type);
            }
            if (type.isRecord() || Map.class.isAssignableFrom(type)) {
                groups.add(key);
            } else {
                keys.add(key);
            }
            if (Collection.class.isAssignableFrom(type)) {
                addElements(key + "[]", component);
            }
        }
    }

    private void addElements(String key, RecordComponent list) {
        keys.add(key);
        Type element = ((ParameterizedType) list.getGenericType()).getActualTypeArguments()[0];
        if (element instanceof Class<?> type && type.isRecord()) {
            addAll(key + ".", type);
        }
    }

    /** Whether there is such a key, {@code from} being the place of its first element under the root. */
    boolean contain(ConfigurationPropertyName name, int from) {
        return keys.contains(text(name, from));
    }

    /** The same for a name made from a variable, in which nothing tells a dot from a dash. */
    boolean containVariable(ConfigurationPropertyName name, int from) {
        return withoutDots.contains(text(name, from).replace(".", ""));
    }

    /** Whether it has keys under it and no value. */
    boolean haveGroup(ConfigurationPropertyName name, int from) {
        return groups.contains(text(name, from));
    }

    private static String text(ConfigurationPropertyName name, int from) {
        StringBuilder text = new StringBuilder();
        for (int i = from; i < name.getNumberOfElements(); i++) {
            if (name.isNumericIndex(i)) {
                text.append("[]");
            } else {
                text.append(i == from ? "" : ".").append(name.getElement(i, Form.UNIFORM));
            }
        }
        return text.toString();
    }
}
