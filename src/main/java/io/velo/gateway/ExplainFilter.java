package io.velo.gateway;

import io.velo.route.ExplainRule;
import io.velo.route.Explanation;
import io.velo.route.Lane;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Lets answers tell how they came about, to clients that may know. Not there at all if none may. */
final class ExplainFilter implements GlobalFilter, Ordered {

    private final ExplainRule rule;
    private final LongSupplier nanos;

    ExplainFilter(ExplainRule rule, LongSupplier nanos) {
        this.rule = rule;
        this.nanos = nanos;
    }

    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE + 1; // inside of the accounting
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        ProxiedRequest request = ProxiedRequest.of(exchange).orElseThrow();
        if (request.explanation().isPresent()) {
            return chain.filter(exchange); // a fallback inside the same exchange
        }
        String shown = exchange.getRequest().getHeaders().getFirst(Explanation.FIELD);
        if (rule.admits(Objects.requireNonNullElse(shown, ""))) {
            explain(exchange, request);
        }
        return chain.filter(shown == null ? exchange : withoutToken(exchange));
    }

    private void explain(ServerWebExchange exchange, ProxiedRequest request) {
        Route route = exchange.getRequiredAttribute(ServerWebExchangeUtils.GATEWAY_ROUTE_ATTR);
        Explanation explanation = new Explanation(Lane.GATEWAY, route.getId(), nanos);
        request.attempts().explainBy(explanation);
        exchange.getResponse()
                .beforeCommit(() -> Mono.fromRunnable(
                        () -> tell(explanation, exchange.getResponse().getHeaders())));
    }

    private static void tell(Explanation explanation, HttpHeaders fields) {
        fields.set(Explanation.FIELD, explanation.told());
        fields.add(Explanation.SERVER_TIMING, explanation.timing());
    }

    /** It is none of the backend's business. */
    private static ServerWebExchange withoutToken(ServerWebExchange exchange) {
        return exchange.mutate()
                .request(client -> client.headers(fields -> fields.remove(Explanation.FIELD)))
                .build();
    }

    /** Whether anybody is ever told. */
    static final class Wanted implements Condition {

        @Override
        public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
            Environment environment = context.getEnvironment();
            return environment.getProperty("lb.explain.enabled", Boolean.class, false)
                    || !environment.getProperty("lb.explain.token", "").isEmpty();
        }
    }
}
