package io.velo.admin;

import io.velo.change.Operations;
import io.velo.pool.Pools;
import java.lang.management.ManagementFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.jackson.EndpointJsonMapper;
import org.springframework.boot.actuate.endpoint.web.PathMappedEndpoints;
import org.springframework.context.annotation.Bean;
import org.springframework.core.io.ClassPathResource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.RequestPredicates;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.reactive.function.server.support.RouterFunctionMapping;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.json.JsonMapper;

/**
 * Single pools under {@code /actuator/pools}: with entity tags and with changes, neither of which an endpoint's operations can
 * have. It belongs to the management context as {@link MetricsRoute} does, and stands before Actuator's own mapping.
 */
@ConditionalOnAvailableEndpoint(endpoint = PoolsEndpoint.class)
class PoolsRoute {

    private static final int BEFORE_ACTUATOR = -101;

    @Bean
    RouterFunctionMapping veloPoolsMapping(
            Pools pools,
            PoolViews views,
            Operations operations,
            PathMappedEndpoints endpoints,
            ObjectProvider<EndpointJsonMapper> mapper,
            @Value("${lb.admin.token:}") String token) {
        JsonMapper json =
                mapper.stream().map(EndpointJsonMapper::get).findFirst().orElseGet(JsonMapper::new);
        AdminAnswers answers = new AdminAnswers(json);
        long start = ManagementFactory.getRuntimeMXBean().getStartTime();
        PoolsHandler handler =
                new PoolsHandler(pools, views, operations, new PoolTags(start), answers, Schedulers.boundedElastic());
        AdminGate gate = new AdminGate(new AdminToken(token), answers);
        String path = endpoints.getPath(EndpointId.of("pools"));
        RouterFunctionMapping mapping =
                new RouterFunctionMapping(routes(path == null ? "/actuator/pools" : path, handler, gate));
        mapping.setOrder(BEFORE_ACTUATOR);
        return mapping;
    }

    private static RouterFunction<ServerResponse> routes(String path, PoolsHandler handler, AdminGate gate) {
        String pool = path + "/{pool}";
        String backends = pool + "/backends";
        String backend = backends + "/{id}";
        return RouterFunctions.route()
                .GET(path.replaceAll("/[^/]*$", "/openapi"), request -> description())
                .GET(pool, gate.open(handler::pool))
                .PATCH(pool + "/canary", gate.guarded(handler::canary))
                .route(RequestPredicates.path(pool + "/canary"), not("PATCH"))
                .GET(backends, gate.open(handler::backends))
                .POST(backends, gate.guarded(handler::add))
                .route(RequestPredicates.path(backends), not("GET, HEAD, POST"))
                .GET(backend, gate.open(handler::backend))
                .PATCH(backend, gate.guarded(handler::change))
                .DELETE(backend, gate.guarded(handler::remove))
                .route(RequestPredicates.path(backend), not("GET, HEAD, PATCH, DELETE"))
                .POST(backend + "/drain", gate.guarded(handler::drain))
                .POST(backend + "/resume", gate.guarded(handler::resume))
                .route(RequestPredicates.path(backend + "/drain"), not("POST"))
                .route(RequestPredicates.path(backend + "/resume"), not("POST"))
                .build();
    }

    private static Mono<ServerResponse> description() {
        return ServerResponse.ok()
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue(new ClassPathResource("velo-openapi.json"));
    }

    /** Such a request is not for a backend, either. */
    private static HandlerFunction<ServerResponse> not(String allowed) {
        return request -> ServerResponse.status(HttpStatus.METHOD_NOT_ALLOWED)
                .header(HttpHeaders.ALLOW, allowed)
                .build();
    }
}
