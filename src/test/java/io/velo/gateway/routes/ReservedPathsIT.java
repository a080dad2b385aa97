package io.velo.gateway.routes;

import static org.assertj.core.api.Assertions.assertThat;

import io.velo.route.Lane;
import io.velo.route.RouteRequest;
import io.velo.testing.RunningVelo;
import io.velo.testing.TestRequest;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.cloud.gateway.event.RefreshRoutesEvent;
import org.springframework.context.annotation.Bean;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.reactive.result.method.RequestMappingInfo;
import org.springframework.web.reactive.result.method.annotation.RequestMappingHandlerMapping;

/** What the application answers itself stays with it, although a route takes every path. */
class ReservedPathsIT {

    private static RunningVelo velo;

    static class Own {
        @Bean
        RouterFunction<ServerResponse> own() {
            return RouterFunctions.route()
                    .path(
                            "/own",
                            inner -> inner.GET(
                                    "/{id}", request -> ServerResponse.ok().build()))
                    .build();
        }
    }

    @BeforeAll
    static void start() throws NoSuchMethodException {
        velo = RunningVelo.of(List.of(Own.class), "lb.health.enabled=false", "lb.metrics.path=/figures/json");
        velo.context()
                .getBean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class)
                .registerMapping(
                        RequestMappingInfo.paths("/late/{id}").build(),
                        new ReservedPathsIT(),
                        ReservedPathsIT.class.getDeclaredMethod("answer"));
        velo.context().publishEvent(new RefreshRoutesEvent(velo));
    }

    String answer() {
        return "late";
    }

    @AfterAll
    static void stop() {
        velo.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/actuator",
                "/actuator/health",
                "/actuator/health/liveness",
                "/actuator/%68ealth",
                "/actuator;x=y/pools/default",
                "/livez",
                "/readyz",
                "/figures/json",
                "/own/1",
                "/late/1"
            })
    void takeTheGatewayLane(String path) {
        assertThat(laneOf(TestRequest.get(path))).isEqualTo(Lane.GATEWAY);
        assertThat(laneOf(TestRequest.get(path).by("POST")))
                .as("which the application refuses itself")
                .isEqualTo(Lane.GATEWAY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/metrics", "/figures", "/actuators", "/livez/", "/late", "/figures/json/x"})
    void leaveOtherPathsAlone(String path) {
        assertThat(laneOf(TestRequest.get(path))).isEqualTo(Lane.EXPRESS);
    }

    @Test
    void holdPreflightRequests() {
        TestRequest options = TestRequest.get("/").by("OPTIONS").with("Origin", "http://shop.test");

        assertThat(laneOf(options)).isEqualTo(Lane.EXPRESS);
        assertThat(laneOf(options.with("Access-Control-Request-Method", "PUT"))).isEqualTo(Lane.GATEWAY);
    }

    @Test
    void areNotListed() {
        assertThat(velo.routes().routes()).hasSize(1);
    }

    private static Lane laneOf(RouteRequest request) {
        return velo.routes().find(request).lane();
    }
}
