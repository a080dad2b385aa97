package io.velo.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.cloud.gateway.route.RouteDefinition;
import org.springframework.core.env.ConfigurableEnvironment;

class ConfiguredRoutesTest {

    private static final String ROUTES = "spring.cloud.gateway.server.webflux.routes";

    private static final String TWO = ROUTES + ": [ { id: a, uri: 'lb://a', predicates: [ 'Path=/a/**' ] }, "
            + "{ id: b, uri: 'lb://${pool:b}', order: 3, predicates: [ { name: Path, args: { patterns: '/b/**' } } ], "
            + "filters: [ StripPrefix=1, 'AddRequestHeader=X-A, 1' ], metadata: { response-timeout: 200 } } ]";

    private static List<RouteDefinition> bySpring(ConfigurableEnvironment environment) {
        return Binder.get(environment)
                .bind(ROUTES, Bindable.listOf(RouteDefinition.class))
                .orElseGet(List::of);
    }

    @ParameterizedTest
    @ValueSource(strings = {TWO, "lb.strategy: roundrobin", ROUTES + ": []", ROUTES + ": [ { uri: 'lb://a' } ]"})
    void readsWhatSpringReads(String file) {
        ConfigurableEnvironment environment = TestConfig.ofFile(file).environment();

        assertThat(new ConfiguredRoutes(environment).routes()).isEqualTo(bySpring(environment));
    }

    @Test
    void readsAllThatCanStandInARoute() {
        List<RouteDefinition> routes =
                new ConfiguredRoutes(TestConfig.ofFile(TWO).environment()).routes();

        assertThat(routes).extracting(RouteDefinition::getId).containsExactly("a", "b");
        assertThat(routes.get(1).getUri()).hasToString("lb://b");
        assertThat(routes.get(1).getOrder()).isEqualTo(3);
        assertThat(routes.get(1).getPredicates().get(0).getArgs()).containsEntry("patterns", "/b/**");
        assertThat(routes.get(1).getFilters()).hasSize(2);
        assertThat(routes.get(1).getMetadata()).containsEntry("response-timeout", 200);
    }

    @Test
    void takesTheListOfTheSourceThatGoesFirst() {
        ConfigurableEnvironment environment = TestConfig.ofFile(ROUTES + ": [ { id: first, uri: 'lb://a' } ]")
                .file(TWO)
                .environment();

        assertThat(new ConfiguredRoutes(environment).routes())
                .isEqualTo(bySpring(environment))
                .singleElement()
                .extracting(RouteDefinition::getId)
                .isEqualTo("first");
    }

    @Test
    void leavesFlagsAndVariablesToSpring() {
        ConfigurableEnvironment environment = TestConfig.ofFile(TWO)
                .variable("SPRING_CLOUD_GATEWAY_SERVER_WEBFLUX_ROUTES_0_ID", "variable")
                .variable("SPRING_CLOUD_GATEWAY_SERVER_WEBFLUX_ROUTES_0_URI", "lb://a")
                .environment();

        assertThat(new ConfiguredRoutes(environment).routes())
                .isEqualTo(bySpring(environment))
                .singleElement()
                .extracting(RouteDefinition::getId)
                .isEqualTo("variable");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{ id: a, uri: 'lb://a', order: x }", "{ id: a, uri: 'lb://a', predicates: [ Path ] }"})
    void refusesWhatSpringRefuses(String route) {
        ConfigurableEnvironment environment =
                TestConfig.ofFile(ROUTES + ": [ " + route + " ]").environment();

        assertThatThrownBy(() -> bySpring(environment)).isInstanceOf(BindException.class);
        assertThatThrownBy(() -> new ConfiguredRoutes(environment).routes()).isInstanceOf(BindException.class);
    }

    @Test
    void refusesAListWithGaps() {
        ConfigurableEnvironment environment = TestConfig.ofFile(
                        "'" + ROUTES + "[0].uri': 'lb://a'\n'" + ROUTES + "[2].uri': 'lb://b'")
                .environment();

        assertThatThrownBy(() -> new ConfiguredRoutes(environment).routes()).isInstanceOf(BindException.class);
    }
}
