package io.velo.config;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.env.OriginTrackedMapPropertySource;
import org.springframework.boot.origin.OriginTrackedValue;
import org.springframework.boot.origin.SystemEnvironmentOrigin;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;

/**
 * Makes the names of the first Velo work: {@code LB_PORT} and {@code LB_ADDRESS}, the variables without {@code LB_}, and its
 * file, in which everything stands at the top level. And moves {@code /livez} and {@code /readyz} to the management port if
 * there is one, as the other paths of Velo.
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

    /** What only the first Velo's file has at the top level. */
    private static final Pattern OF_FIRST_VELO = Pattern.compile(
            "backends\\.urls.*|strategy|circuit\\.(failure_threshold|timeout)|health\\.(interval|timeout)");

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
        if (hasManagementPort(environment)) {
            sources.addLast(new MapPropertySource("probe paths", Map.of("velo.probe-paths", "management")));
        }
        if (hasReaders(environment)) {
            sources.addLast(new MapPropertySource("health details", Map.of("velo.health-details", "never")));
        }
        for (PropertySource<?> source : sources) {
            if (source instanceof OriginTrackedMapPropertySource file && isOfFirstVelo(file)) {
                sources.addAfter(file.getName(), source("first Velo: " + file.getName(), moved(file)));
            }
        }
    }

    private static boolean hasManagementPort(ConfigurableEnvironment environment) {
        String management = environment.getProperty("management.server.port");
        boolean any = "0".equals(management); // any free port, which is another one in any case
        return management != null && (any || !management.equals(environment.getProperty("server.port")));
    }

    /** Whether not everybody may see what is inside, which health shows, too. */
    private static boolean hasReaders(ConfigurableEnvironment environment) {
        return !Binder.get(environment)
                .bind("lb.admin.readers", Bindable.listOf(String.class))
                .orElse(List.of())
                .isEmpty();
    }

    private static PropertySource<?> renamed(
            String name, ConfigurableEnvironment environment, Map<String, String> names) {
        PropertySource<?> variables =
                environment.getPropertySources().get(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME);
        Map<String, Object> values = new LinkedHashMap<>();
        names.forEach((variable, key) -> {
            Object value = variables == null ? null : variables.getProperty(variable);
            if (value != null) {
                values.put(
                        key, OriginTrackedValue.of(GoDuration.forSpring(value), new SystemEnvironmentOrigin(variable)));
            }
        });
        return source(name, values);
    }

    private static PropertySource<?> source(String name, Map<String, Object> values) {
        return new OriginTrackedMapPropertySource(name, values);
    }

    private static boolean isOfFirstVelo(OriginTrackedMapPropertySource file) {
        return Arrays.stream(file.getPropertyNames())
                .anyMatch(key -> OF_FIRST_VELO.matcher(key).matches());
    }

    private static Map<String, Object> moved(OriginTrackedMapPropertySource file) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (String key : file.getPropertyNames()) {
            Object value = Objects.requireNonNull(file.getProperty(key));
            String moved = key;
            if (key.startsWith("backends.urls")) {
                moved = "lb.backends" + key.substring("backends.urls".length());
            } else if (key.equals("strategy") || key.matches("(circuit|health|metrics)\\..+")) {
                moved = "lb." + key;
            }
            if (!moved.equals(key)) {
                values.put(moved, OriginTrackedValue.of(GoDuration.forSpring(value), file.getOrigin(key)));
            }
        }
        return values;
    }
}
