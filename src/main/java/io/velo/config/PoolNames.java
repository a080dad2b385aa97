package io.velo.config;

import io.velo.pool.Pools;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;

/**
 * Finds the pools that keys {@code lb.pools.<name>.…} speak of. A variable has lost the dashes of the name, so a file's
 * spelling goes before: LB_POOLS_MYAPI_STRATEGY and LB_POOLS_MY_API_STRATEGY both mean the pool my-api of a file.
 */
final class PoolNames {

    private static final int PLACE = BoundKeys.POOLS.getNumberOfElements();

    private final Map<String, String> byUniformName = new TreeMap<>();

    /** What stands before the keys of a pool of that name, with a dot at its end. */
    static String prefixOf(String pool) {
        return pool.equals(Pools.DEFAULT) ? "lb." : "lb.pools." + pool + ".";
    }

    /** The names as they are written, in the order of the alphabet. */
    Collection<String> all() {
        return List.copyOf(byUniformName.values());
    }

    /** Takes a key from a file or the command line. */
    void addKey(ConfigurationPropertyName key) {
        if (BoundKeys.POOLS.isAncestorOf(key)) {
            byUniformName.putIfAbsent(key.getElement(PLACE, Form.UNIFORM), key.getElement(PLACE, Form.ORIGINAL));
        }
    }

    /** Takes a key made from a variable; call it after the others. It names a pool only if a key of pools follows. */
    void addVariable(ConfigurationPropertyName key) {
        int end = BoundKeys.endOfPool(key, true);
        if (end > 0) {
            StringBuilder name = new StringBuilder(key.getElement(PLACE, Form.ORIGINAL));
            for (int i = PLACE + 1; i < end; i++) {
                name.append('-').append(key.getElement(i, Form.ORIGINAL));
            }
            String written = name.toString().toLowerCase(Locale.ROOT);
            byUniformName.putIfAbsent(written.replace("-", ""), written);
        }
    }
}
