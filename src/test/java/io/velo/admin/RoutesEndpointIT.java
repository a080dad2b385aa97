package io.velo.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.jayway.jsonpath.JsonPath;
import io.velo.testing.RawBackend;
import io.velo.testing.RawClient;
import io.velo.testing.RunningVelo;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.cloud.gateway.event.RefreshRoutesEvent;
import org.springframework.cloud.gateway.handler.predicate.PredicateDefinition;
import org.springframework.cloud.gateway.route.RouteDefinition;
import org.springframework.cloud.gateway.route.RouteDefinitionWriter;
import org.springframework.cloud.gateway.route.RouteLocator;
import org.springframework.cloud.gateway.route.builder.RouteLocatorBuilder;
import org.springframework.context.annotation.Bean;
import reactor.core.publisher.Mono;

/** The endpoint shows every route in its order, with the lane it takes and why. */
class RoutesEndpointIT {

    private static final String KNOWN = "every predicate and filter is known";

    private static RawBackend backend;
    private static RunningVelo velo;

    static class JavaRoutes {
        @Bean
        RouteLocator ownRoutes(RouteLocatorBuilder routes) {
            return routes.routes()
                    .route("java", route -> route.path("/java").uri("lb://default"))
                    .build();
        }
    }

    @BeforeAll
    static void start() throws IOException {
        backend = RawBackend.saying("hello");
        List<String> properties = new ArrayList<>(List.of(
                "lb.health.enabled=false",
                "lb.backends=" + backend.url(),
                "lb.pools.modern.backends=h2c://127.0.0.1:1"));
        properties.addAll(route(0, "shop", "lb://default", "Path=/shop/**", "StripPrefix=1"));
        properties.addAll(route(1, "direct", backend.url(), "Path=/direct"));
        properties.addAll(route(2, "filtered", "lb://default", "Path=/filtered", "RequestSize=1000"));
        properties.addAll(route(3, "judged", "lb://default", "RemoteAddr=10.0.0.0/8"));
        properties.addAll(route(4, "modern", "lb://modern", "Path=/modern"));
        properties.addAll(route(5, "slow", "lb://default", "Path=/slow"));
        properties.add("spring.cloud.gateway.server.webflux.routes[5].metadata.response-timeout=60000");
        properties.addAll(route(6, "elsewhere", "lb://default/path", "Path=/elsewhere"));
        properties.addAll(route(7, "first", "lb://default", "Path=/first"));
        properties.add("spring.cloud.gateway.server.webflux.routes[7].order=-1");
        velo = RunningVelo.of(List.of(JavaRoutes.class), properties.toArray(String[]::new));
    }

    private static List<String> route(int index, String id, String uri, String predicate, String... filters) {
        String prefix = "spring.cloud.gateway.server.webflux.routes[" + index + "].";
        List<String> properties = new ArrayList<>(
                List.of(prefix + "id=" + id, prefix + "uri=" + uri, prefix + "predicates[0]=" + predicate));
        for (String filter : filters) {
            properties.add(prefix + "filters[0]=" + filter);
        }
        return properties;
    }

    @AfterAll
    static void stop() throws IOException {
        velo.close();
        backend.close();
    }

    @Test
    void tellsOfEachRouteWhyItTakesItsLane() throws IOException {
        assertThat(route("shop")).isEqualTo(view("shop", "default", "express", KNOWN));
        assertThat(route("first")).isEqualTo(view("first", "default", "express", KNOWN));
        assertThat(route("direct"))
                .isEqualTo(view(
                        "direct", null, "gateway", "its URI " + backend.url() + " isn't lb:// and the name of a pool"));
        assertThat(route("filtered"))
                .isEqualTo(view("filtered", "default", "gateway", "filter RequestSize is for the gateway alone"));
        assertThat(route("judged"))
                .isEqualTo(view("judged", "default", "gateway", "predicate RemoteAddr is for the gateway alone"));
        assertThat(route("modern")).isEqualTo(view("modern", "modern", "express", KNOWN));
        assertThat(route("slow"))
                .isEqualTo(view("slow", "default", "gateway", "metadata response-timeout is for the gateway alone"));
        assertThat(route("elsewhere"))
                .isEqualTo(view(
                        "elsewhere",
                        "default",
                        "gateway",
                        "its URI lb://default/path isn't lb:// and the name of a pool"));
        assertThat(route("java"))
                .isEqualTo(view("java", "default", "gateway", "it doesn't come from one definition of its name"));
    }

    @Test
    void keepsTheOrderInWhichTheyAreTried() throws IOException {
        List<String> ids = read("$.routes[*].id");

        assertThat(ids)
                .startsWith("first")
                .containsSubsequence("shop", "direct", "filtered", "judged", "modern", "slow", "elsewhere");
    }

    @Test
    void followsARefresh() throws IOException {
        RouteDefinition added = new RouteDefinition();
        added.setId("added");
        added.setUri(URI.create("lb://default"));
        added.setPredicates(List.of(new PredicateDefinition("Path=/added")));
        RouteDefinitionWriter writer = velo.context().getBean(RouteDefinitionWriter.class);
        writer.save(Mono.just(added)).block();
        velo.context().publishEvent(new RefreshRoutesEvent(this));

        await().untilAsserted(() -> assertThat(route("added")).isEqualTo(view("added", "default", "express", KNOWN)));

        writer.delete(Mono.just("added")).block();
        velo.context().publishEvent(new RefreshRoutesEvent(this));
        await().untilAsserted(() -> assertThat(RoutesEndpointIT.<List<String>>read("$.routes[*].id"))
                .doesNotContain("added"));
    }

    private static Map<String, Object> view(String id, String pool, String lane, String why) {
        Map<String, Object> view = new HashMap<>(Map.of("id", id, "lane", lane, "why", why));
        view.put("pool", pool);
        return view;
    }

    private static Map<String, Object> route(String id) throws IOException {
        List<Map<String, Object>> found = read("$.routes[?(@.id=='" + id + "')]");
        assertThat(found).as(id).hasSize(1);
        return found.get(0);
    }

    private static <T> T read(String path) throws IOException {
        return JsonPath.read(RawClient.get(velo.port(), "/actuator/routes").body(), path);
    }
}
