package io.velo.admin;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.server.PathContainer;

class InsidePathsTest {

    private final InsidePaths paths = new InsidePaths("/actuator", "/metrics");

    private static PathContainer path(String text) {
        return PathContainer.parsePath(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/actuator",
                "/actuator/pools",
                "/actuator/pools/default/backends",
                "/actuator/openapi",
                "/%61ctuator/pools",
                "/actuator;a=b/pools",
                "/actuator/healthy",
                "/metrics",
                "/metrics/",
                "/dashboard",
                "/dashboard/stream"
            })
    void areAllThatShowSomething(String inside) {
        assertThat(paths.test(path(inside))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/livez",
                "/readyz",
                "/actuator/health",
                "/actuator/health/liveness",
                "/actuators",
                "/a/actuator/pools",
                "/metricsx"
            })
    void areNotThoseOfHealthOrOfBackends(String other) {
        assertThat(paths.test(path(other))).isFalse();
    }

    @Test
    void mayBeginAtTheTop() {
        InsidePaths atTheTop = new InsidePaths("/", "/metrics");

        assertThat(atTheTop.test(path("/pools"))).isTrue();
        assertThat(atTheTop.test(path("/health"))).isFalse();
        assertThat(atTheTop.test(path("/livez"))).isFalse();
        assertThat(atTheTop.test(path("/readyz"))).isFalse();
    }
}
