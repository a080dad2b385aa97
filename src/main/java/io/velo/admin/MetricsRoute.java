package io.velo.admin;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.velo.pool.Pools;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.util.MimeTypeUtils;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/**
 * {@code /metrics}: JSON as of the first Velo, or the Prometheus text for who asks for it. It belongs to the management
 * context, so with a management port of its own it is not on the port of the traffic, where it would hide a backend's own.
 * That context finds it by the file {@code ManagementContextConfiguration.imports}; the scan for configuration classes,
 * which would put it on the port of the traffic in any case, must not, and so it is not annotated as one.
 */
@ConditionalOnBooleanProperty(name = "lb.metrics.enabled", matchIfMissing = true)
class MetricsRoute {

    private static final MediaType TEXT = new MediaType("text", "plain");
    private static final MediaType OPEN_METRICS = new MediaType("application", "openmetrics-text");

    /** What there is, what is liked best first. */
    private static final List<MediaType> OFFERED = List.of(MediaType.APPLICATION_JSON, OPEN_METRICS, TEXT);

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
        MediaType wanted = wanted(request);
        if (text == null || wanted.equals(MediaType.APPLICATION_JSON)) {
            return ServerResponse.ok().contentType(MediaType.APPLICATION_JSON).bodyValue(summary.read());
        }
        String type = wanted.equals(OPEN_METRICS)
                ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
                : "text/plain; version=0.0.4; charset=utf-8";
        return ServerResponse.ok().header("Content-Type", type).bodyValue(text.scrape(type));
    }

    /** The first of what is asked for that there is; JSON for who doesn't say, or asks for something else. */
    private static MediaType wanted(ServerRequest request) {
        return accepted(request).stream()
                .flatMap(asked -> OFFERED.stream().filter(asked::includes))
                .findFirst()
                .orElse(MediaType.APPLICATION_JSON);
    }

    private static List<MediaType> accepted(ServerRequest request) {
        try {
            List<MediaType> accepted = new ArrayList<>(request.headers().accept());
            MimeTypeUtils.sortBySpecificity(accepted);
            accepted.sort(Comparator.comparingDouble(MediaType::getQualityValue).reversed());
            return accepted;
        } catch (InvalidMediaTypeException e) {
            return List.of(); // as good as nothing asked for
        }
    }
}
