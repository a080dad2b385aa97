package io.velo.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.velo.testing.RawBackend;
import io.velo.testing.RawClient;
import io.velo.testing.RawClient.Answer;
import io.velo.testing.RunningVelo;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.filter.headers.HttpHeadersFilter;
import org.springframework.cloud.gateway.route.RouteLocator;
import org.springframework.cloud.gateway.route.builder.RouteLocatorBuilder;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.context.annotation.Bean;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.Connection;
import reactor.netty.http.client.HttpClientResponse;

/** What users' own beans rest on, whatever Velo does to make the way shorter. */
class GatewayContractIT {

    private static final String ROUTE = "spring.cloud.gateway.server.webflux.routes[0].";

    private static RunningVelo velo(RawBackend backend, Class<?>... beans) {
        return RunningVelo.of(List.of(beans), "lb.health.enabled=false", "lb.backends=" + backend.url());
    }

    static class Filters {

        static final Map<String, Object> SEEN = new ConcurrentHashMap<>();

        @Bean
        WebFilter webFilter() {
            return (exchange, chain) -> chain.filter(exchange.mutate()
                    .request(request -> request.header("X-Web", "web"))
                    .build());
        }

        @Bean
        @Order(20_000)
        GlobalFilter lookingAtTheAnswer() {
            return (exchange, chain) -> chain.filter(exchange).then(Mono.fromRunnable(() -> look(exchange)));
        }

        private static void look(ServerWebExchange exchange) {
            HttpClientResponse answer = exchange.getRequiredAttribute(ServerWebExchangeUtils.CLIENT_RESPONSE_ATTR);
            Connection connection = exchange.getRequiredAttribute(ServerWebExchangeUtils.CLIENT_RESPONSE_CONN_ATTR);
            Set<String> names = exchange.getRequiredAttribute(ServerWebExchangeUtils.CLIENT_RESPONSE_HEADER_NAMES);
            SEEN.put("status", answer.status().code());
            SEEN.put("own", answer.responseHeaders().get("X-Own"));
            SEEN.put("port", ((InetSocketAddress) connection.channel().remoteAddress()).getPort());
            SEEN.put("names", names.contains("x-own") && !names.contains("Keep-Alive") && names.size() == 3);
            exchange.getResponse().getHeaders().set("X-Global", "global");
        }

        @Bean
        HttpHeadersFilter requestFields() {
            return (input, exchange) -> {
                HttpHeaders changed = new HttpHeaders();
                changed.addAll(input);
                changed.set("X-Fields", "for " + input.getFirst("X-Forwarded-For"));
                return changed;
            };
        }
    }

    @Test
    void callsUsersFiltersWithTheGatewaysAttributes() throws IOException {
        try (RawBackend backend = RawBackend.doing(exchange ->
                        exchange.send("HTTP/1.1 200 OK\r\nKeep-Alive: 5\r\nX-Own: a\r\nContent-Type: text/plain\r\n"
                                + "Content-Length: 2\r\n\r\nok"));
                RunningVelo velo = velo(backend, Filters.class)) {
            Answer answer = RawClient.get(velo.port(), "/");

            assertThat(answer.body()).isEqualTo("ok");
            assertThat(answer.field("X-Global")).isEqualTo("global");
            assertThat(backend.heads().get(0)).contains("X-Web: web", "X-Fields: for 127.0.0.1");
            assertThat(Filters.SEEN)
                    .containsEntry("status", 200)
                    .containsEntry("own", "a")
                    .containsEntry("names", true)
                    .containsEntry("port", backend.port());
            velo.awaitIdle();
        }
    }

    static class Bodies {
        @Bean
        RouteLocator bodyRoutes(RouteLocatorBuilder builder) {
            return builder.routes()
                    .route("modified", route -> route.path("/modified")
                            .filters(filters -> filters.modifyResponseBody(
                                    String.class, String.class, (exchange, text) -> Mono.just(text.toUpperCase())))
                            .uri("lb://default"))
                    .route("later", route -> route.path("/later")
                            .and()
                            .asyncPredicate(exchange ->
                                    Mono.delay(Duration.ofMillis(20)).map(now -> true))
                            .filters(filters -> filters.setPath("/was-later"))
                            .uri("lb://default"))
                    .route("elsewhere", route -> route.path("/elsewhere")
                            .filters(filters -> filters.filter(
                                    (exchange, chain) -> chain.filter(exchange).subscribeOn(Schedulers.parallel())))
                            .uri("lb://default"))
                    .build();
        }
    }

    @Test
    void letsRoutesChangeBodiesWaitAndSwitchThreads() throws IOException {
        try (RawBackend backend = RawBackend.doing(exchange -> exchange.answer(200, "answer to " + exchange.target()));
                RunningVelo velo = velo(backend, Bodies.class)) {
            assertThat(RawClient.get(velo.port(), "/modified").body()).isEqualTo("ANSWER TO /MODIFIED");
            assertThat(RawClient.get(velo.port(), "/later").body()).isEqualTo("answer to /was-later");
            assertThat(RawClient.get(velo.port(), "/elsewhere").body()).isEqualTo("answer to /elsewhere");
            assertThat(RawClient.get(velo.port(), "/none").status()).isEqualTo(404);
            velo.awaitIdle();
        }
    }

    @RestController
    static class Controller {
        @GetMapping("/own/{name}")
        String own(@org.springframework.web.bind.annotation.PathVariable("name") String name) {
            return "own " + name;
        }
    }

    @RestControllerAdvice
    static class Advice {
        @ExceptionHandler(ArithmeticException.class)
        String sorry() {
            return "sorry";
        }

        @Bean
        GlobalFilter breaking() {
            return (exchange, chain) -> exchange.getRequest().getURI().getPath().equals("/broken")
                    ? Mono.error(new ArithmeticException())
                    : chain.filter(exchange);
        }
    }

    @Test
    void leavesControllersAndAdvicesInPlace() throws IOException {
        try (RawBackend backend = RawBackend.saying("proxied");
                RunningVelo velo = velo(backend, Controller.class, Advice.class)) {
            assertThat(RawClient.get(velo.port(), "/own/a").body()).isEqualTo("own a");
            assertThat(RawClient.get(velo.port(), "/own").body()).isEqualTo("proxied");
            assertThat(RawClient.get(velo.port(), "/owned").body()).isEqualTo("proxied");
            assertThat(RawClient.get(velo.port(), "/broken").body()).isEqualTo("sorry");
            velo.awaitIdle();
        }
    }

    @Test
    void retriesByTheGatewaysOwnFilter() throws IOException {
        try (RawBackend backend = RawBackend.doing(
                        exchange -> exchange.answer(exchange.field("X-Try").isEmpty() ? 500 : 200, "x".repeat(100)));
                RunningVelo velo = RunningVelo.with(
                        "lb.health.enabled=false",
                        "lb.backends=" + backend.url(),
                        ROUTE + "id=r",
                        ROUTE + "uri=lb://default",
                        ROUTE + "predicates[0]=Path=/**",
                        ROUTE + "filters[0]=Retry=2,INTERNAL_SERVER_ERROR")) {
            assertThat(RawClient.get(velo.port(), "/").status()).isEqualTo(500);

            assertThat(backend.requests()).isEqualTo(3);
            velo.awaitIdle();
        }
    }
}
