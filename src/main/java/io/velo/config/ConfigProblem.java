package io.velo.config;

import java.util.Locale;

/**
 * One thing that is wrong with the configuration.
 *
 * @param key the key, {@code lb.health.timeout}
 * @param value what it was set to
 * @param rule what it must be, beginning with {@code but} or standing as a clause of its own
 * @param origin where it was set, empty if that is not known
 */
public record ConfigProblem(String key, String value, String rule, String origin) {

    /** The environment variable that sets the key. */
    public String variable() {
        return variable(key);
    }

    static String variable(String key) {
        if (key.equals("server.port") || key.equals("server.address")) {
            return "LB_" + key.substring("server.".length()).toUpperCase(Locale.ROOT);
        }
        return key.replace("]", "")
                .replace('[', '_')
                .replace('.', '_')
                .replace("-", "")
                .toUpperCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        String where = origin.isEmpty() ? "" : " [" + origin + "]";
        return key + " (" + variable() + ") is '" + value + "' but " + rule + where;
    }
}
