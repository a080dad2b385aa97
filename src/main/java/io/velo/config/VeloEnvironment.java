package io.velo.config;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;

/**
 * Makes the names of the first Velo work: {@code LB_PORT} and {@code LB_ADDRESS}, the variables without {@code LB_}, and its
 * file, in which everything stands at the top level.
 */
final class VeloEnvironment implements EnvironmentPostProcessor, Ordered {

    /** Variables that begin with {@code LB_} and are no key under {@code lb}. */
    static final Set<String> VARIABLES = Set.of("LB_PORT", "LB_ADDRESS");

    private static final Map<String, String> LISTENING =
            Map.of("LB_PORT", "server.port", "LB_ADDRESS", "server.address");

    private static final Map<String, String> ALIASES = Map.of(
            "HEALTH_CHECK_INTERVAL", "lb.health.interval",
            "HEALTH_CHECK_TIMEOUT", "lb.health.timeout",
            "CIRCUIT_FAILURE_THRESHOLD", "lb.circuit.failure-threshold");

    /** Go writes a minute and a half as 1m30s. */
    private static final Pattern GO_DURATION = Pattern.compile("(\\d+h)?(\\d+m)?(\\d+(\\.\\d+)?s)?");

    @Override
    public int getOrder() {
        return ConfigDataEnvironmentPostProcessor.ORDER + 1;
    }

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        MutablePropertySources sources = environment.getPropertySources();
        String variables = StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;
        sources.addBefore(variables, renamed("LB_PORT and LB_ADDRESS", environment, LISTENING));
        sources.addAfter(variables, renamed("variables of the first Velo", environment, ALIASES));
        for (PropertySource<?> source : sources) {
            if (source instanceof EnumerablePropertySource<?> file && isOfFirstVelo(file)) {
                sources.addAfter(file.getName(), new MapPropertySource("first Velo: " + file.getName(), moved(file)));
            }
        }
    }

    private static PropertySource<?> renamed(
            String name, ConfigurableEnvironment environment, Map<String, String> names) {
        Map<String, Object> values = new LinkedHashMap<>();
        names.forEach((variable, key) -> {
            Object value = environment.getSystemEnvironment().get(variable);
            if (value != null) {
                values.put(key, goDuration(value));
            }
        });
        return new MapPropertySource(name, values);
    }

    private static boolean isOfFirstVelo(EnumerablePropertySource<?> source) {
        for (String key : source.getPropertyNames()) {
            if (key.startsWith("backends.urls")) {
                return true;
            }
        }
        return false;
    }

    private static Map<String, Object> moved(EnumerablePropertySource<?> file) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (String key : file.getPropertyNames()) {
            Object value = file.getProperty(key);
            if (value == null) {
                continue;
            }
            if (key.startsWith("backends.urls")) {
                values.put("lb.backends" + key.substring("backends.urls".length()), value);
            } else if (key.equals("strategy") || key.matches("(circuit|health|metrics)\\..+")) {
                values.put("lb." + key, goDuration(value));
            }
        }
        return values;
    }

    private static Object goDuration(Object value) {
        String text = value.toString();
        boolean several = text.chars().filter(Character::isLetter).count() > 1 && !text.endsWith("ms");
        return several && GO_DURATION.matcher(text).matches() ? "PT" + text : value;
    }
}
