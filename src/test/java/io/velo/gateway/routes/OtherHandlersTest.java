package io.velo.gateway.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.reactive.function.server.support.RouterFunctionMapping;
import org.springframework.web.reactive.handler.SimpleUrlHandlerMapping;
import reactor.core.publisher.Mono;

class OtherHandlersTest {

    private static boolean mayServe(HandlerMapping mapping, String path) {
        return new OtherHandlers(List.of(mapping))
                .mayServe(MockServerHttpRequest.get(path).build());
    }

    private static HandlerMapping urls(String... patterns) {
        SimpleUrlHandlerMapping mapping = new SimpleUrlHandlerMapping(
                Stream.of(patterns).collect(Collectors.toMap(Function.identity(), pattern -> new Object())));
        mapping.initApplicationContext();
        return mapping;
    }

    private static HandlerMapping functions(RouterFunction<ServerResponse> functions) {
        return new RouterFunctionMapping(functions);
    }

    private static Mono<ServerResponse> ok() {
        return ServerResponse.ok().build();
    }

    @Test
    void goesByTheFirstSegment() {
        HandlerMapping mapping = urls("/actuator/health/**", "/metrics");

        assertThat(mayServe(mapping, "/actuator/health")).isTrue();
        assertThat(mayServe(mapping, "/actuator")).isTrue();
        assertThat(mayServe(mapping, "/metrics/")).isTrue();
        assertThat(mayServe(mapping, "/metricsx")).isFalse();
        assertThat(mayServe(mapping, "/")).isFalse();
        assertThat(mayServe(mapping, "/other/actuator")).isFalse();
    }

    @Test
    void ruledOutOnlyWhatIsPlain() {
        HandlerMapping mapping = urls("/metrics");

        assertThat(mayServe(mapping, "/m%65trics")).isTrue();
        assertThat(mayServe(mapping, "/metrics;a=b")).isTrue();
    }

    @Test
    void servesAnythingIfAPatternBeginsWithAVariable() {
        assertThat(mayServe(urls("/{tenant}/x"), "/a/b")).isTrue();
        assertThat(mayServe(urls("/**"), "/a/b")).isTrue();
        assertThat(mayServe(urls("/*.html"), "/a/b")).isTrue();
    }

    @Test
    void looksIntoFunctionalRoutes() {
        HandlerMapping mapping = functions(RouterFunctions.route()
                .GET("/metrics", request -> ok())
                .path("/nested", nested -> nested.GET("/{id}", request -> ok()))
                .build());

        assertThat(mayServe(mapping, "/metrics")).isTrue();
        assertThat(mayServe(mapping, "/nested/1")).isTrue();
        assertThat(mayServe(mapping, "/other")).isFalse();
    }

    @Test
    void servesAnythingIfAFunctionalRouteNamesNoPath() {
        assertThat(mayServe(
                        functions(RouterFunctions.route()
                                .route(request -> true, request -> ok())
                                .build()),
                        "/other"))
                .isTrue();
        assertThat(mayServe(
                        functions(RouterFunctions.route()
                                .GET(request -> true, request -> ok())
                                .build()),
                        "/other"))
                .isTrue();
    }

    @Test
    void servesAnythingIfAMappingIsNotKnown() {
        assertThat(mayServe(exchange -> Mono.empty(), "/other")).isTrue();
    }

    @Test
    void servesNothingWithoutFunctionalRoutes() {
        assertThat(mayServe(new RouterFunctionMapping(), "/other")).isFalse();
    }
}
