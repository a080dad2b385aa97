package io.velo.gateway.routes;

import static org.assertj.core.api.Assertions.assertThat;

import io.velo.backend.BackendSpec;
import io.velo.pool.Pools;
import io.velo.route.Lane;
import io.velo.route.Route;
import io.velo.route.RouteTable;
import io.velo.testing.TestPool;
import io.velo.testing.TestRequest;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.webflux.autoconfigure.WebFluxProperties;
import org.springframework.cloud.gateway.filter.factory.StripPrefixGatewayFilterFactory;
import org.springframework.cloud.gateway.handler.predicate.PathRoutePredicateFactory;
import org.springframework.cloud.gateway.route.RouteDefinition;

class RouteCompilerTest {

    private static final String KNOWN = "every predicate and filter is known";

    private final RealGateway gateway =
            new RealGateway(new Pools(List.of(TestPool.of("a").build().pool())));

    @Test
    void understandsAKnownRoute() {
        Route route = compiled(RealGateway.definition(
                "shop", "lb://test", List.of("Path=/shop/**", "Method=GET"), List.of("StripPrefix=1")));

        assertThat(route.id()).isEqualTo("shop");
        assertThat(route.pool()).contains("test");
        assertThat(route.lane()).isEqualTo(Lane.EXPRESS);
        assertThat(route.why()).isEqualTo(KNOWN);
        assertThat(route.edits().path().apply("/shop/1")).isEqualTo("/1");
    }

    @Test
    void understandsARouteToAnEmptyPool() {
        RealGateway empty = new RealGateway(
                new Pools(List.of(TestPool.of(new String[0]).build().pool())));
        RouteDefinition definition = RealGateway.definition("a", "lb://test", List.of("Path=/**"), List.of());

        assertThat(empty.compile(List.of(definition)).routes().get(0).why()).isEqualTo(KNOWN);
    }

    @ParameterizedTest
    @CsvSource({
        "http://test:80, its URI http://test:80 isn't lb:// and the name of a pool",
        "lb://other, its URI lb://other isn't lb:// and the name of a pool",
        "lb://test/path, its URI lb://test/path isn't lb:// and the name of a pool",
        "lb://test:80, its URI lb://test:80 isn't lb:// and the name of a pool",
        "lb:ws://test, its URI lb:ws://test isn't lb:// and the name of a pool",
        "LB://test, its URI LB://test isn't lb:// and the name of a pool"
    })
    void leavesOtherDestinationsToTheGateway(String uri, String why) {
        assertGateway(RealGateway.definition("a", uri, List.of("Path=/**"), List.of()), why);
    }

    @Test
    void doesNotMindTheProtocolOfBackends() {
        RealGateway mixed = new RealGateway(new Pools(List.of(TestPool.of(
                        BackendSpec.of("one", URI.create("https://127.0.0.1:1")),
                        BackendSpec.of("two", URI.create("h2c://127.0.0.1:2")))
                .build()
                .pool())));
        RouteDefinition definition = RealGateway.definition("a", "lb://test", List.of("Path=/**"), List.of());

        assertThat(mixed.compile(List.of(definition)).routes().get(0).why()).isEqualTo(KNOWN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"response-timeout", "connect-timeout"})
    void leavesTimeLimitsOfARouteToTheGateway(String key) {
        RouteDefinition definition = RealGateway.definition("a", "lb://test", List.of("Path=/**"), List.of());
        definition.setMetadata(Map.of(key, 100));

        assertGateway(definition, "metadata " + key + " is for the gateway alone");
    }

    @Test
    void leavesAllRoutesToTheGatewayIfOneHasCorsSettings() {
        RouteDefinition definition = RealGateway.definition("a", "lb://test", List.of("Path=/**"), List.of());
        RouteDefinition cors = RealGateway.definition("b", "lb://test", List.of("Path=/b"), List.of());
        cors.setMetadata(Map.of("cors", Map.of("allowedOrigins", "*"), "owner", "me"));

        assertThat(gateway.compile(List.of(definition, cors)).routes()).allSatisfy(route -> assertThat(route.why())
                .isEqualTo("route 'b' has CORS settings, which count for all routes"));
    }

    @Test
    void doesNotMindOtherMetadata() {
        RouteDefinition definition = RealGateway.definition("a", "lb://test", List.of("Path=/**"), List.of());
        definition.setMetadata(Map.of("owner", "me"));

        assertThat(compiled(definition).lane()).isEqualTo(Lane.EXPRESS);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "AddRequestParameter=a, b | filter AddRequestParameter is for the gateway alone",
                "SetPath=/{segment} | filter SetPath is for the gateway alone: it is a template",
                "PrefixPath=/{a} | filter PrefixPath is for the gateway alone: it is a template",
                "AddRequestHeader=X-A, {a} | filter AddRequestHeader is for the gateway alone: it is a template",
                "SetResponseHeader=X-A, {a} | filter SetResponseHeader is for the gateway alone: it is a template",
                "AddResponseHeader=X-A, b, false | filter AddResponseHeader is for the gateway alone: it depends on what the"
                        + " backend answers",
                "SetRequestHeader=Host, b | filter SetRequestHeader is for the gateway alone: the field Host has rules of its"
                        + " own",
                "AddRequestHeader=X-Forwarded-Foo, b | filter AddRequestHeader is for the gateway alone: the field"
                        + " X-Forwarded-Foo has rules of its own",
                "RemoveResponseHeader=Content-Length | filter RemoveResponseHeader is for the gateway alone: the field"
                        + " Content-Length has rules of its own",
                "AddRequestHeader=X-A, ä | filter AddRequestHeader is for the gateway alone: its value is no plain text",
                "RewritePath=/a, /b?c=d | filter RewritePath is for the gateway alone: it puts more than a path in the place"
                        + " of the path",
                "RewritePath=/a, /$3 | filter RewritePath is for the gateway alone: No group 3"
            })
    void leavesOtherFiltersToTheGateway(String filter, String why) {
        assertGateway(RealGateway.definition("a", "lb://test", List.of("Path=/**"), List.of(filter)), why);
    }

    @Test
    void leavesOtherDefaultFiltersToTheGateway() {
        RealGateway withDefaults =
                new RealGateway(new Pools(List.of(TestPool.of("a").build().pool())), "AddRequestParameter=a, b");
        RouteDefinition definition = RealGateway.definition("a", "lb://test", List.of("Path=/**"), List.of());

        assertThat(withDefaults.compile(List.of(definition)).routes().get(0).why())
                .isEqualTo("filter AddRequestParameter is for the gateway alone");
    }

    @Test
    void narrowsDownWhatOnlyTheGatewayCanJudge() {
        RouteTable table = gateway.compile(List.of(
                RealGateway.definition(
                        "judge", "lb://test", List.of("RemoteAddr=10.0.0.0/8", "Path=/in/**"), List.of()),
                RealGateway.definition("all", "lb://test", List.of("Path=/**"), List.of())));

        assertThat(table.routes().get(0).why()).isEqualTo("predicate RemoteAddr is for the gateway alone");
        assertThat(table.find(TestRequest.get("/in/x")).lane()).isEqualTo(Lane.GATEWAY);
        assertThat(table.find(TestRequest.get("/out")).lane()).isEqualTo(Lane.EXPRESS);
    }

    @Test
    void doesNotTakeAnothersFactoryForTheGatewaysOwn() {
        gateway.predicates.add(new OwnPaths());
        gateway.filters.add(new OwnStrip());

        assertGateway(
                RealGateway.definition("a", "lb://test", List.of("Path=/**"), List.of()),
                "predicate Path is for the gateway alone");
        assertGateway(
                RealGateway.definition("a", "lb://test", List.of("Method=GET"), List.of("StripPrefix=1")),
                "filter StripPrefix is for the gateway alone");
    }

    private static final class OwnPaths extends PathRoutePredicateFactory {
        OwnPaths() {
            super(new WebFluxProperties());
        }

        @Override
        public String name() {
            return "Path";
        }
    }

    private static final class OwnStrip extends StripPrefixGatewayFilterFactory {
        @Override
        public String name() {
            return "StripPrefix";
        }
    }

    @Test
    void leavesRoutesOfJavaCodeToTheGateway() {
        var java = org.springframework.cloud.gateway.route.Route.async()
                .id("java")
                .uri("lb://test")
                .predicate(exchange -> true)
                .build();

        RouteTable table = gateway.compile(List.of(java), List.of());

        assertThat(table.routes().get(0).why()).isEqualTo("it doesn't come from one definition of its name");
        assertThat(table.find(TestRequest.get("/any")).id()).isEqualTo("java");
    }

    @Test
    void doesNotMistakeARouteOfJavaCodeForADefinitionOfItsName() {
        var java = org.springframework.cloud.gateway.route.Route.async()
                .id("a")
                .uri("lb://test")
                .predicate(exchange -> true)
                .build();
        RouteDefinition definition = RealGateway.definition("a", "lb://test", List.of("Path=/a"), List.of());

        RouteTable table = gateway.compile(List.of(java), List.of(definition));

        assertThat(table.routes().get(0).why()).isEqualTo("it isn't made of the one definition of its name");
        assertThat(table.find(TestRequest.get("/any")).lane()).isEqualTo(Lane.GATEWAY);
        assertThat(table.find(TestRequest.get("/any")).id()).isEqualTo("a");
    }

    @Test
    void seesThatARouteIsOlderThanItsDefinition() {
        RouteDefinition before = RealGateway.definition("a", "lb://test", List.of("Path=/a"), List.of("StripPrefix=1"));
        RouteDefinition after = RealGateway.definition("a", "lb://test", List.of("Path=/a"), List.of("StripPrefix=2"));

        Route route = gateway.compile(gateway.routes(List.of(before)), List.of(after))
                .routes()
                .get(0);

        assertThat(route.why()).isEqualTo("it isn't made of the one definition of its name");
    }

    @Test
    void leavesTwoDefinitionsOfOneNameToTheGateway() {
        RouteDefinition one = RealGateway.definition("a", "lb://test", List.of("Path=/a"), List.of());
        RouteDefinition two = RealGateway.definition("a", "lb://test", List.of("Path=/b"), List.of());

        assertThat(gateway.compile(List.of(one, two)).routes())
                .extracting(Route::lane)
                .containsOnly(Lane.GATEWAY);
    }

    @Test
    void leavesAllRoutesToTheGatewayForOneReason() {
        RouteDefinition definition = RealGateway.definition("a", "lb://test", List.of("Path=/a"), List.of());

        RouteTable table = gateway.compiler()
                .compile(gateway.routes(List.of(definition)), List.of(definition), List.of(), Optional.of("because"));

        assertThat(table.routes().get(0).why()).isEqualTo("because");
        assertThat(table.find(TestRequest.get("/b"))).isSameAs(Route.NONE);
    }

    private Route compiled(RouteDefinition definition) {
        return gateway.compile(List.of(definition)).routes().get(0);
    }

    private void assertGateway(RouteDefinition definition, String why) {
        Route route = compiled(definition);

        assertThat(route.lane()).isEqualTo(Lane.GATEWAY);
        assertThat(route.why()).isEqualTo(why);
    }
}
