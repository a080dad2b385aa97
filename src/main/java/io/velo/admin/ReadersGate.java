package io.velo.admin;

import io.velo.gateway.GatewaySettings;
import io.velo.wire.TrustedProxies;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.endpoint.jackson.EndpointJsonMapper;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.web.server.WebFilter;
import tools.jackson.databind.json.JsonMapper;

/**
 * Stands before the paths that show what is inside, if not everybody may see it. It belongs to the management context as
 * {@link MetricsRoute} does: with a management port of its own, the same paths on the port of the traffic are the backends'.
 */
@Conditional(ReadersGate.Wanted.class)
class ReadersGate {

    @Bean
    @Order(Ordered.HIGHEST_PRECEDENCE)
    WebFilter veloReaders(
            Environment environment, GatewaySettings settings, ObjectProvider<EndpointJsonMapper> mapper) {
        JsonMapper json =
                mapper.stream().map(EndpointJsonMapper::get).findFirst().orElseGet(JsonMapper::new);
        InsidePaths inside = new InsidePaths(
                environment.getProperty("management.endpoints.web.base-path", "/actuator"),
                environment.getProperty("lb.metrics.path", "/metrics"));
        ReadersFilter.Readers readers = new ReadersFilter.Readers(
                new TrustedProxies(networks(environment)), new TrustedProxies(settings.trustedProxies()));
        AdminToken token = new AdminToken(environment.getProperty("lb.admin.token", ""));
        return new ReadersFilter(inside, readers, token, new AdminAnswers(json));
    }

    private static List<String> networks(Environment environment) {
        return Binder.get(environment)
                .bind("lb.admin.readers", Bindable.listOf(String.class))
                .orElse(List.of());
    }

    /** Whether not everybody may. */
    static final class Wanted implements Condition {

        @Override
        public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
            return !networks(context.getEnvironment()).isEmpty();
        }
    }
}
