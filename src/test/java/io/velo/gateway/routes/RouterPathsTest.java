package io.velo.gateway.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.web.reactive.function.server.RequestPredicates.GET;
import static org.springframework.web.reactive.function.server.RequestPredicates.accept;
import static org.springframework.web.reactive.function.server.RequestPredicates.method;
import static org.springframework.web.reactive.function.server.RequestPredicates.path;

import org.junit.jupiter.api.Test;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.RequestPredicate;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

class RouterPathsTest {

    private static final HandlerFunction<ServerResponse> OK =
            request -> ServerResponse.ok().build();

    @Test
    void tellsThePathsOfRoutes() {
        assertThat(RouterPaths.of(RouterFunctions.route()
                        .GET("/a", OK)
                        .POST("/b/{id}", accept(MediaType.TEXT_PLAIN), OK)
                        .route(path("/c").or(GET("/d").and(accept(MediaType.TEXT_PLAIN, MediaType.TEXT_HTML))), OK)
                        .build()))
                .hasValueSatisfying(paths -> assertThat(paths).containsExactlyInAnyOrder("/a", "/b/{id}", "/c", "/d"));
    }

    @Test
    void coversWhatIsNested() {
        assertThat(RouterPaths.of(RouterFunctions.route()
                        .path("/api", inner -> inner.GET("/a", OK)
                                .nest(accept(MediaType.TEXT_PLAIN), deep -> deep.route(request -> true, OK)))
                        .nest(accept(MediaType.TEXT_PLAIN), inner -> inner.GET("/b", OK))
                        .GET("/c", OK)
                        .build()))
                .hasValueSatisfying(paths -> assertThat(paths).containsExactlyInAnyOrder("/api/**", "/b", "/c"));
    }

    @Test
    void doesNotTellWhatMayBeAnywhere() {
        assertAnywhere(route(method(HttpMethod.GET)));
        assertAnywhere(route(request -> true));
        assertAnywhere(route(path("/a").negate()));
        assertAnywhere(route(path("/a").or(method(HttpMethod.GET))));
        assertAnywhere(RouterFunctions.resources(
                request -> Mono.just(new ByteArrayResource("x".getBytes(java.nio.charset.StandardCharsets.UTF_8)))));
        assertAnywhere(request -> Mono.just(OK));
    }

    private static RouterFunction<ServerResponse> route(RequestPredicate predicate) {
        return RouterFunctions.route().GET("/known", OK).route(predicate, OK).build();
    }

    private static void assertAnywhere(RouterFunction<ServerResponse> function) {
        assertThat(RouterPaths.of(function)).as(function.toString()).isEmpty();
    }
}
