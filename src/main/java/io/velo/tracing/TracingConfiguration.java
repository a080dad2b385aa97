package io.velo.tracing;

import io.opentelemetry.api.OpenTelemetry;
import io.velo.route.RequestTracer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;

/** Without it there is no tracer, and so no request is recorded for one. */
@Configuration(proxyBeanMethods = false)
@Conditional(TracingWanted.class)
class TracingConfiguration {

    private static final String SCOPE = "io.velo";

    @Bean
    RequestTracer requestTracer(OpenTelemetry openTelemetry) {
        return new SpanTracer(
                openTelemetry.getTracer(SCOPE), openTelemetry.getPropagators().getTextMapPropagator());
    }
}
