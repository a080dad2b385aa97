package io.velo.tracing;

import java.util.List;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Whether there is somebody to send spans to, by the keys of Spring Boot. */
final class TracingWanted implements Condition {

    private static final String ENDPOINT = "management.opentelemetry.tracing.export.otlp.endpoint";

    private static final List<String> SWITCHES = List.of(
            "management.opentelemetry.enabled",
            "management.tracing.export.enabled",
            "management.tracing.export.otlp.enabled");

    @Override
    public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
        return isTrueOf(context.getEnvironment());
    }

    static boolean isTrueOf(Environment environment) {
        return !environment.getProperty(ENDPOINT, "").isEmpty()
                && SWITCHES.stream().allMatch(key -> environment.getProperty(key, Boolean.class, true));
    }
}
