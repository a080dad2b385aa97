package io.velo.admin;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.velo.pool.Pools;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/**
 * {@code /metrics}: JSON as of the first Velo, or the Prometheus text for who asks for it. It belongs to the management
 * context, so with a management port of its own it is not on the port of the traffic, where it would hide a backend's own.
 */
@ManagementContextConfiguration(proxyBeanMethods = false)
@ConditionalOnBooleanProperty(name = "lb.metrics.enabled", matchIfMissing = true)
class MetricsRoute {

    private static final MediaType OPEN_METRICS = MediaType.parseMediaType("application/openmetrics-text");
    private static final List<MediaType> TEXT = List.of(MediaType.TEXT_PLAIN, OPEN_METRICS);

    @Bean
    RouterFunction<ServerResponse> veloMetrics(
            @Value("${lb.metrics.path:/metrics}") String path,
            Pools pools,
            MeterRegistry registry,
            ObjectProvider<PrometheusMeterRegistry> prometheus) {
        MeterSummary summary = new MeterSummary(pools, registry);
        return RouterFunctions.route()
                .GET(path, request -> answer(request, summary, prometheus))
                .build();
    }

    private static Mono<ServerResponse> answer(
            ServerRequest request, MeterSummary summary, ObjectProvider<PrometheusMeterRegistry> prometheus) {
        PrometheusMeterRegistry text = prometheus.getIfAvailable();
        List<MediaType> accepted = request.headers().accept();
        if (text == null || accepted.isEmpty() || !isText(accepted.get(0))) {
            return ServerResponse.ok().contentType(MediaType.APPLICATION_JSON).bodyValue(summary.read());
        }
        String type = accepted.get(0).equalsTypeAndSubtype(OPEN_METRICS)
                ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
                : "text/plain; version=0.0.4; charset=utf-8";
        return ServerResponse.ok().header("Content-Type", type).bodyValue(text.scrape(type));
    }

    private static boolean isText(MediaType accepted) {
        return TEXT.stream().anyMatch(accepted::equalsTypeAndSubtype);
    }
}
