package io.velo.gateway.routes;

import static org.assertj.core.api.Assertions.assertThat;

import io.velo.pool.Pools;
import io.velo.route.Lane;
import io.velo.route.RouteTable;
import io.velo.testing.TestPool;
import io.velo.testing.TestRequest;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.cloud.gateway.handler.predicate.HostRoutePredicateFactory;
import org.springframework.cloud.gateway.handler.predicate.PathRoutePredicateFactory;
import org.springframework.cloud.gateway.handler.predicate.PredicateDefinition;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.route.RouteDefinition;
import org.springframework.util.AntPathMatcher;
import org.springframework.web.util.pattern.PathPatternParser;

/** Each compiled predicate takes the requests that the gateway's own takes, and no other. */
class PredicateDifferentialTest {

    private static final List<TestRequest> REQUESTS = List.of(
            TestRequest.get("/"),
            TestRequest.get("/shop"),
            TestRequest.get("/shop/"),
            TestRequest.get("/shop/1/2"),
            TestRequest.get("/sh%6Fp/1"),
            TestRequest.get("/shop;v=2/1"),
            TestRequest.get("/Shop"),
            TestRequest.get("/shop").by("POST"),
            TestRequest.get("/shop").by("get"),
            TestRequest.get("/shop").by("PURGE"),
            TestRequest.get("/?a=1"),
            TestRequest.get("/?a="),
            TestRequest.get("/?a"),
            TestRequest.get("/?a=1&a=2"),
            TestRequest.get("/?b=%61&%61=x%20y"),
            TestRequest.get("/?a=x+y&&=c"),
            TestRequest.get("/?A=1"),
            TestRequest.get("/").with("X-One", "1"),
            TestRequest.get("/").with("x-one", "2, 1"),
            TestRequest.get("/").with("X-One", "2", "\"1, 3\", 4"),
            TestRequest.get("/").with("X-One", ""),
            TestRequest.get("/").with("X-One", " , "),
            TestRequest.get("/").with("X-One", "a\\,b"),
            TestRequest.get("/").with("Cookie", "s=1; t=2"),
            TestRequest.get("/").with("Cookie", "t=2", "s=\"1\"; S=3"),
            TestRequest.get("/").with("Cookie", "s=a b; x"),
            TestRequest.get("/").with("Host", "shop.test"),
            TestRequest.get("/").with("Host", "shop.test:8080"),
            TestRequest.get("/").with("Host", "SHOP.test"),
            TestRequest.get("/").with("Host", "shop..test"),
            TestRequest.get("/").with("Host", ".shop.test"),
            TestRequest.get("/").with("Host", "shop.test."),
            TestRequest.get("/").with("Host", "www.shop.test"),
            TestRequest.get("/").with("Host", "a.b.shop.test"),
            TestRequest.get("/").with("Host", "[::1]:80"),
            TestRequest.get("/").with("Host", ""));

    private final Pools pools = new Pools(List.of(TestPool.of("a").build().pool()));
    private final RealGateway gateway = new RealGateway(pools);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Path=/shop",
                "Path=/shop/**",
                "Path=/shop, /",
                "Path=/shop/{id}/**",
                "Path=/shop, false",
                "Path=/{*rest}",
                "Path=/**,/shop,true",
                "Host=shop.test",
                "Host=shop.test,www.shop.test",
                "Host=shop..test",
                "Host=shop.test.",
                "Host=*.shop.test",
                "Host=**.shop.test",
                "Host=**.shop.test,shop.test:8080",
                "Host={sub}.shop.test",
                "Host=shop.test:*",
                "Host=**",
                "Host=[::1]:80",
                "Method=GET",
                "Method=POST,PUT",
                "Method=get",
                "Method=PURGE",
                "Header=X-One",
                "Header=X-One, 1",
                "Header=X-One, \\d",
                "Header=X-One, .*3",
                "Header=X-One, a,b",
                "Query=a",
                "Query=a, 1",
                "Query=a, .*",
                "Query=a, x.y",
                "Query=b",
                "Query=c",
                "Cookie=s, 1",
                "Cookie=s, .+",
                "Cookie=S, 3",
                "After=2020-01-01T00:00:00Z",
                "After=2100-01-01T00:00:00+02:00[Europe/Berlin]",
                "Before=2020-01-01T00:00:00Z",
                "Before=4102444800000",
                "Between=2020-01-01T00:00:00Z, 2100-01-01T00:00:00Z",
                "Between=2020-01-01T00:00:00Z, 2021-01-01T00:00:00Z"
            })
    void takesWhatTheGatewayTakes(String predicate) {
        compare(List.of(RealGateway.definition("r", "lb://test", List.of(predicate), List.of())));
    }

    @Test
    void takesArgumentsByName() {
        PredicateDefinition predicate = new PredicateDefinition();
        predicate.setName("Query");
        predicate.setArgs(Map.of("regexp", "[12]", "param", "a"));
        RouteDefinition definition = RealGateway.definition("r", "lb://test", List.of(), List.of());
        definition.setPredicates(List.of(predicate));

        compare(List.of(definition));
    }

    @Test
    void takesEverythingWithoutPredicates() {
        compare(List.of(RealGateway.definition("r", "lb://test", List.of(), List.of())));
    }

    @Test
    void followsTheFactorysOwnParserAndMatcher() {
        PathPatternParser anyCase = new PathPatternParser();
        anyCase.setCaseSensitive(false);
        AntPathMatcher hosts = new AntPathMatcher(".");
        hosts.setCaseSensitive(false);
        gateway.predicates.forEach(factory -> {
            if (factory instanceof PathRoutePredicateFactory paths) {
                paths.setPathPatternParser(anyCase);
            } else if (factory instanceof HostRoutePredicateFactory host) {
                host.setPathMatcher(hosts);
            }
        });

        compare(List.of(RealGateway.definition("r", "lb://test", List.of("Path=/shop"), List.of())));
        compare(List.of(RealGateway.definition("r", "lb://test", List.of("Host=shop.test"), List.of())));
    }

    @Test
    void leavesThePortOutIfTheFactoryDoes() {
        gateway.predicates.removeIf(HostRoutePredicateFactory.class::isInstance);
        gateway.predicates.add(new HostRoutePredicateFactory(false));

        compare(List.of(RealGateway.definition("r", "lb://test", List.of("Host=shop.test"), List.of())));
        compare(List.of(RealGateway.definition("r", "lb://test", List.of("Host=*.shop.test"), List.of())));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void findsTheGatewaysFirstOfManyRoutes(long seed) {
        Random random = new Random(seed);
        List<String> all = List.of(
                "Path=/shop/**",
                "Path=/shop",
                "Path=/,/Shop",
                "Path=/{x}",
                "Host=shop.test",
                "Host=**.shop.test",
                "Host=shop.test,www.shop.test",
                "Method=GET",
                "Method=POST",
                "Header=X-One, 1",
                "Query=a",
                "Cookie=s, 1");
        for (int round = 0; round < 40; round++) {
            compare(IntStream.range(0, 1 + random.nextInt(8))
                    .mapToObj(i -> RealGateway.definition(
                            "r" + i,
                            "lb://test",
                            IntStream.range(0, random.nextInt(4))
                                    .mapToObj(j -> all.get(random.nextInt(all.size())))
                                    .toList(),
                            List.of()))
                    .toList());
        }
    }

    private void compare(List<RouteDefinition> definitions) {
        List<Route> routes = gateway.routes(definitions);
        RouteTable table = gateway.compile(routes, definitions);

        assertThat(table.routes())
                .allSatisfy(route -> assertThat(route.lane()).as(route.why()).isEqualTo(Lane.EXPRESS));
        for (TestRequest request : REQUESTS) {
            String expected = routes.stream()
                    .filter(route -> RealGateway.takes(route, request))
                    .map(Route::getId)
                    .findFirst()
                    .orElse("none");
            assertThat(table.find(request).id())
                    .as("%s in %s", request, told(definitions))
                    .isEqualTo(expected);
        }
    }

    private static String told(List<RouteDefinition> definitions) {
        return definitions.stream().map(each -> each.getPredicates().toString()).collect(Collectors.joining("; "));
    }
}
