package io.velo.gateway.routes;

import static org.assertj.core.api.Assertions.assertThat;

import io.velo.route.Lane;
import io.velo.route.Route;
import io.velo.testing.RawBackend;
import io.velo.testing.RawClient;
import io.velo.testing.RunningVelo;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.cloud.gateway.config.HttpClientCustomizer;
import org.springframework.cloud.gateway.event.RefreshRoutesEvent;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.filter.headers.HttpHeadersFilter;
import org.springframework.context.annotation.Bean;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.HttpHandlerDecoratorFactory;
import org.springframework.util.StringUtils;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.server.WebExceptionHandler;
import org.springframework.web.server.WebFilter;
import reactor.core.publisher.Mono;

/** Where somebody else has a say in requests, no route takes the express lane, and one line at start says whose say it is. */
@ExtendWith(OutputCaptureExtension.class)
class SafetyRuleIT {

    private static final String WARNING = "all routes take the gateway lane";

    static class SecurityFilter {
        @Bean
        WebFilter springSecurityFilterChain() {
            return (exchange, chain) -> {
                exchange.getResponse().setStatusCode(HttpStatus.UNAUTHORIZED);
                return exchange.getResponse().setComplete();
            };
        }
    }

    static class OwnGlobalFilter {
        @Bean
        GlobalFilter own() {
            return (exchange, chain) -> chain.filter(exchange);
        }
    }

    static class OwnHeadersFilter {
        @Bean
        HttpHeadersFilter own() {
            return (headers, exchange) -> headers;
        }
    }

    static class OwnClient {
        @Bean
        HttpClientCustomizer own() {
            return client -> client;
        }
    }

    static class OwnServer {
        @Bean
        NettyServerCustomizer own() {
            return server -> server;
        }
    }

    static class OwnFactory {
        @Bean
        WebServerFactoryCustomizer<NettyReactiveWebServerFactory> own() {
            return factory -> {};
        }
    }

    static class OwnDecorator {
        @Bean
        HttpHandlerDecoratorFactory own() {
            return handler -> handler;
        }
    }

    static class OwnErrors {
        @Bean
        WebExceptionHandler own() {
            return (exchange, failure) -> Mono.error(failure);
        }
    }

    @Test
    void asksASecurityFilterAboutEveryRequest(CapturedOutput log) throws IOException {
        try (RawBackend backend = RawBackend.saying("secret");
                RunningVelo velo = RunningVelo.of(
                        List.of(SecurityFilter.class), "lb.health.enabled=false", "lb.backends=" + backend.url())) {
            velo.context().publishEvent(new RefreshRoutesEvent(this));

            assertThat(RawClient.get(velo.port(), "/").status()).isEqualTo(401);
            assertThat(backend.heads()).isEmpty();
            assertGateway(velo, "bean 'springSecurityFilterChain' (" + SafetyRuleIT.class.getName());
            assertThat(StringUtils.countOccurrencesOf(log.getOut(), WARNING)).isEqualTo(1);
            assertThat(log.getOut())
                    .containsPattern(
                            "WARN.*bean 'springSecurityFilterChain' \\(.*\\) has a say in every request: " + WARNING);
        }
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                OwnGlobalFilter.class,
                OwnHeadersFilter.class,
                OwnClient.class,
                OwnServer.class,
                OwnFactory.class,
                OwnDecorator.class,
                OwnErrors.class
            })
    void namesTheBean(Class<?> configuration) {
        try (RunningVelo velo = RunningVelo.of(List.of(configuration), "lb.health.enabled=false")) {
            assertGateway(velo, "bean 'own' (");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "server.compression.enabled=true, server.compression.enabled is for",
        "server.forward-headers-strategy=native, server.forward-headers-strategy=native is for",
        "spring.webflux.base-path=/base, spring.webflux.base-path is for",
        "spring.cloud.gateway.server.webflux.filter.remove-hop-by-hop.headers=connection,"
                + " spring.cloud.gateway.server.webflux.filter.remove-hop-by-hop is for",
        "spring.cloud.gateway.server.webflux.globalcors.cors-configurations.[/**].allowed-origins=*,"
                + " spring.cloud.gateway.server.webflux.globalcors is for"
    })
    void namesTheSetting(String setting, String why) {
        try (RunningVelo velo = RunningVelo.with(setting, "lb.health.enabled=false")) {
            assertGateway(velo, why);
        }
    }

    @Test
    void namesWhatASettingBringsAlong() {
        try (RunningVelo velo = RunningVelo.with(
                "lb.health.enabled=false",
                "spring.cloud.gateway.server.webflux.x-forwarded.enabled=true",
                "spring.cloud.gateway.server.webflux.trusted-proxies=.*")) {
            assertGateway(velo, "bean 'xForwardedHeadersFilter' (");
        }
    }

    @Test
    void warnsOfNothingIfTheLaneIsSwitchedOff(CapturedOutput log) {
        try (RunningVelo velo =
                RunningVelo.of(List.of(OwnGlobalFilter.class), "lb.health.enabled=false", "lb.express.enabled=false")) {
            assertGateway(velo, "express lane is switched off (lb.express.enabled)");
            assertThat(log.getOut()).doesNotContain(WARNING);
        }
    }

    @Test
    void letsVeloAsItComesTakeTheExpressLane(CapturedOutput log) {
        try (RunningVelo velo = RunningVelo.with("lb.health.enabled=false")) {
            assertThat(velo.routes().routes()).extracting(Route::lane).containsOnly(Lane.EXPRESS);
            assertThat(log.getOut()).doesNotContain(WARNING);
        }
    }

    static class Anywhere {
        @Bean
        RouterFunction<ServerResponse> anywhere() {
            return RouterFunctions.route()
                    .route(request -> request.path().endsWith("/mine"), request -> ServerResponse.ok()
                            .bodyValue("mine"))
                    .build();
        }
    }

    @Test
    void leavesAllRoutesToTheGatewayIfARouterFunctionMayAnswerAnywhere(CapturedOutput log) throws IOException {
        try (RunningVelo velo = RunningVelo.of(List.of(Anywhere.class), "lb.health.enabled=false")) {
            assertThat(velo.routes().routes()).singleElement().satisfies(route -> {
                assertThat(route.lane()).isEqualTo(Lane.GATEWAY);
                assertThat(route.why())
                        .startsWith("bean 'routerFunctionMapping' (")
                        .endsWith(" answers before the gateway and doesn't tell for which paths");
            });
            assertThat(RawClient.get(velo.port(), "/x/mine").body()).isEqualTo("mine");
            assertThat(StringUtils.countOccurrencesOf(log.getOut(), WARNING)).isEqualTo(1);
        }
    }

    private static void assertGateway(RunningVelo velo, String why) {
        assertThat(velo.routes().routes()).isNotEmpty().allSatisfy(route -> {
            assertThat(route.lane()).isEqualTo(Lane.GATEWAY);
            assertThat(route.why()).startsWith(why);
        });
    }
}
