package io.velo.gateway.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.PRESERVE_HOST_HEADER_ATTRIBUTE;

import io.velo.pool.Pools;
import io.velo.route.FieldEdit;
import io.velo.route.Lane;
import io.velo.testing.TestPool;
import io.velo.testing.TestRequest;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.cloud.gateway.filter.GatewayFilter;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.route.RouteDefinition;
import org.springframework.http.HttpHeaders;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Compiled edits change a request and its answer as the gateway's own filters do, in the same order. */
class FilterDifferentialTest {

    private static final List<String> FILTERS = List.of(
            "StripPrefix=1",
            "StripPrefix=2",
            "StripPrefix=0",
            "PrefixPath=/base",
            "PrefixPath=/my base/",
            "SetPath=/fixed/path",
            "SetPath=/with%20space?q=1",
            "RewritePath=/a/?(?<rest>.*), /$\\{rest}",
            "RewritePath=/[^/]+, /c",
            "RewritePath=/a, no",
            "RewritePath=%20, /%",
            "RewritePath=b, /x",
            "AddRequestHeader=X-A, one",
            "AddRequestHeader=x-a, two, three",
            "SetRequestHeader=X-A, set",
            "RemoveRequestHeader=X-A",
            "RemoveRequestHeader=X-B",
            "AddResponseHeader=X-R, one",
            "AddResponseHeader=X-R, two",
            "SetResponseHeader=X-R, set",
            "SetResponseHeader=X-S, other",
            "RemoveResponseHeader=X-R",
            "RemoveResponseHeader=X-S",
            "PreserveHostHeader");

    private static final List<TestRequest> REQUESTS = List.of(
            TestRequest.get("/"),
            TestRequest.get("/a"),
            TestRequest.get("/a/"),
            TestRequest.get("/a/b/c?x=1"),
            TestRequest.get("/a//b/").with("X-A", "1", "2"),
            TestRequest.get("/a%20b/%2F/c").with("X-B", "b"),
            TestRequest.get("/a;v=1/b").with("x-a", "1").with("X-B", "b"));

    private final Pools pools = new Pools(List.of(TestPool.of("a").build().pool()));

    @Test
    void eachDoesWhatTheGatewaysDoes() {
        for (String filter : FILTERS) {
            compare(new RealGateway(pools), List.of(filter));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void manyDoItInTheGatewaysOrder(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 60; round++) {
            compare(new RealGateway(pools, some(random).toArray(String[]::new)), some(random));
        }
    }

    private static List<String> some(Random random) {
        return IntStream.range(0, random.nextInt(6))
                .mapToObj(i -> FILTERS.get(random.nextInt(FILTERS.size())))
                .toList();
    }

    private static void compare(RealGateway gateway, List<String> filters) {
        RouteDefinition definition = RealGateway.definition("r", "lb://test", List.of("Path=/**"), filters);
        Route route = gateway.routes(List.of(definition)).get(0);
        io.velo.route.Route compiled =
                gateway.compile(List.of(route), List.of(definition)).routes().get(0);

        assertThat(compiled.lane()).as(compiled.why()).isEqualTo(Lane.EXPRESS);
        for (TestRequest request : REQUESTS) {
            assertThat(edited(compiled, request))
                    .as("%s by %s", request, route.getFilters())
                    .isEqualTo(filtered(route, request));
        }
    }

    /** What the gateway's filters make of it, or that they fail. */
    private static Result filtered(Route route, TestRequest request) {
        MockServerWebExchange exchange = RealGateway.exchange(request);
        exchange.getResponse().getHeaders().addAll(answer());
        AtomicReference<ServerWebExchange> last = new AtomicReference<>();
        try {
            chain(route.getFilters(), last).filter(exchange).block();
        } catch (IllegalArgumentException | IllegalStateException e) {
            return Result.FAILED;
        }
        return new Result(
                last.get().getRequest().getURI().getRawPath(),
                values(last.get().getRequest().getHeaders()),
                values(exchange.getResponse().getHeaders()),
                exchange.getAttributeOrDefault(PRESERVE_HOST_HEADER_ATTRIBUTE, false));
    }

    private static GatewayFilterChain chain(List<GatewayFilter> filters, AtomicReference<ServerWebExchange> last) {
        return exchange -> Mono.defer(() -> {
            last.set(exchange);
            return filters.isEmpty()
                    ? Mono.empty()
                    : filters.get(0).filter(exchange, chain(filters.subList(1, filters.size()), last));
        });
    }

    private static Result edited(io.velo.route.Route route, TestRequest request) {
        HttpHeaders fields = new HttpHeaders();
        request.fields().forEach(fields::addAll);
        HttpHeaders answer = answer();
        route.edits().request().forEach(edit -> apply(edit, fields));
        route.edits().answer().forEach(edit -> apply(edit, answer));
        try {
            return new Result(
                    route.edits().path().apply(request.path()),
                    values(fields),
                    values(answer),
                    route.edits().preserveHost());
        } catch (IllegalArgumentException e) {
            return Result.FAILED;
        }
    }

    private static void apply(FieldEdit edit, HttpHeaders fields) {
        switch (edit.action()) {
            case ADD -> fields.add(edit.name(), edit.value());
            case SET -> fields.set(edit.name(), edit.value());
            case REMOVE -> fields.remove(edit.name());
        }
    }

    private static HttpHeaders answer() {
        HttpHeaders answer = new HttpHeaders();
        answer.add("X-R", "backend");
        return answer;
    }

    private static String values(HttpHeaders fields) {
        return List.of("X-A", "X-B", "X-R", "X-S").stream()
                .map(name -> name + fields.getOrEmpty(name))
                .toList()
                .toString();
    }

    private record Result(String path, String request, String answer, boolean preserveHost) {
        static final Result FAILED = new Result("failed", "", "", false);
    }
}
