package io.velo.tracing;

import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.AutoConfigurationImportFilter;
import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;
import org.springframework.context.EnvironmentAware;
import org.springframework.core.env.Environment;

/** Leaves out what Spring Boot sets up for tracing as long as nobody wants spans: it would cost time at each start, and memory. */
final class TracingAutoConfigurations implements AutoConfigurationImportFilter, EnvironmentAware {

    private boolean wanted;

    @Override
    public void setEnvironment(Environment environment) {
        wanted = TracingWanted.isTrueOf(environment);
    }

    @Override
    public boolean[] match(@Nullable String[] classes, AutoConfigurationMetadata metadata) {
        boolean[] stay = new boolean[classes.length];
        for (int i = 0; i < classes.length; i++) {
            stay[i] = wanted || !isOfTracing(classes[i]);
        }
        return stay;
    }

    private static boolean isOfTracing(@Nullable String name) {
        return name != null
                && Stream.of("org.springframework.boot.micrometer.tracing.", "org.springframework.boot.opentelemetry.")
                        .anyMatch(name::startsWith);
    }
}
