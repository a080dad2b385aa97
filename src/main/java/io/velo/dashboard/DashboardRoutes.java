package io.velo.dashboard;

import java.net.URI;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

/**
 * {@code /dashboard}: the page, its files, and the stream that it reads. It shows the inside, so it belongs to the management
 * context and, with a management port of its own, is not on the port of the traffic. That context finds it by the file
 * {@code ManagementContextConfiguration.imports}; see {@code MetricsRoute} for why it is not annotated as configuration.
 */
@ConditionalOnBooleanProperty(name = "lb.dashboard.enabled", matchIfMissing = true)
class DashboardRoutes {

    @Bean
    Streams dashboardStreams(Feed feed, Past past) {
        return new Streams(feed, past);
    }

    @Bean
    RouterFunction<ServerResponse> veloDashboard(
            Streams streams,
            @Value("${management.endpoints.web.base-path:/actuator}") String actuator,
            @Value("${lb.admin.token:}") String token) {
        Setting setting = new Setting(actuator, !token.isEmpty());
        DashboardAnswers answers = new DashboardAnswers(new Assets(), streams, setting);
        return RouterFunctions.route()
                .GET("/dashboard", request -> answers.asset(request, Assets.PAGE))
                .GET("/dashboard/", request -> ServerResponse.permanentRedirect(URI.create("../dashboard"))
                        .build())
                .GET("/dashboard/stream", answers::stream)
                .GET("/dashboard/{asset}", request -> answers.asset(request, request.pathVariable("asset")))
                .build();
    }

    /**
     * What the page must know before it can do anything.
     *
     * @param actuator where the endpoints are
     * @param writable whether these take changes from who has the token
     */
    record Setting(String actuator, boolean writable) {}
}
