package io.velo.gateway.routes;

import io.velo.route.HeadEdits;
import io.velo.route.Lane;
import io.velo.route.RequestEnd;
import io.velo.route.Route;
import io.velo.route.RouteMatch;
import io.velo.route.RouteRequest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.cloud.gateway.handler.RoutePredicateHandlerMapping;
import org.springframework.context.ApplicationContext;
import org.springframework.core.annotation.AnnotationAwareOrderComparator;
import org.springframework.http.HttpHeaders;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.support.RouterFunctionMapping;
import org.springframework.web.reactive.handler.AbstractUrlHandlerMapping;
import org.springframework.web.reactive.result.method.RequestMappingInfoHandlerMapping;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/**
 * What the application answers itself before the gateway looks at its routes: Actuator, {@code /metrics}, controllers, router
 * functions. Such requests are not for the express lane, whatever a route says.
 */
final class ReservedPaths {

    private final ApplicationContext context;

    ReservedPaths(ApplicationContext context) {
        this.context = context;
    }

    /** Takes these requests before all routes, or tells which handler mapping doesn't say what it takes. */
    Reading<List<Route>> read() {
        List<Route> reserved = new ArrayList<>(List.of(reserved(ReservedPaths::isPreFlight, "CORS preflight")));
        for (Map.Entry<String, HandlerMapping> each : beforeGateway()) {
            Optional<List<Route>> routes = routesOf(each.getValue());
            if (routes.isEmpty()) {
                return new Reading.GatewayOnly<>(Beans.told(each.getKey(), each.getValue())
                        + " answers before the gateway and doesn't tell for which paths");
            }
            reserved.addAll(routes.get());
        }
        return new Reading.Known<>("", reserved);
    }

    /** Without CORS settings, too, WebFlux answers these itself. */
    private static boolean isPreFlight(RouteRequest request) {
        return request.method().equals("OPTIONS")
                && request.header(HttpHeaders.ORIGIN).isPresent()
                && request.header(HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD).isPresent();
    }

    /** In the order in which WebFlux asks them. */
    private List<Map.Entry<String, HandlerMapping>> beforeGateway() {
        return BeanFactoryUtils.beansOfTypeIncludingAncestors(context, HandlerMapping.class, true, false)
                .entrySet()
                .stream()
                .sorted(Map.Entry.comparingByValue(AnnotationAwareOrderComparator.INSTANCE))
                .takeWhile(each -> !(each.getValue() instanceof RoutePredicateHandlerMapping))
                .toList();
    }

    private static Optional<List<Route>> routesOf(HandlerMapping mapping) {
        if (mapping instanceof RequestMappingInfoHandlerMapping methods) {
            return Optional.of(reserved(
                    methods.getPathPatternParser(),
                    methods.getHandlerMethods().keySet().stream()
                            .flatMap(info -> info.getPatternsCondition().getPatterns().stream())
                            .toList()));
        }
        if (mapping instanceof AbstractUrlHandlerMapping urls) {
            return Optional.of(
                    reserved(urls.getPathPatternParser(), urls.getHandlerMap().keySet()));
        }
        if (mapping instanceof RouterFunctionMapping functions) {
            return patternsOf(functions).map(patterns -> reserved(functions.getPathPatternParser(), patterns));
        }
        return Optional.empty();
    }

    private static Optional<List<PathPattern>> patternsOf(RouterFunctionMapping mapping) {
        RouterFunction<?> function = mapping.getRouterFunction();
        PathPatternParser parser = mapping.getPathPatternParser();
        Optional<Set<String>> patterns = function == null ? Optional.of(Set.of()) : RouterPaths.of(function);
        return patterns.map(all -> all.stream().map(parser::parse).toList());
    }

    private static List<Route> reserved(PathPatternParser parser, Collection<PathPattern> patterns) {
        return patterns.stream()
                .map(pattern -> reserved(
                        RouteMatch.ofPaths(List.of(PathConditions.of(pattern, parser))), pattern.getPatternString()))
                .toList();
    }

    private static Route reserved(Predicate<RouteRequest> condition, String what) {
        return new Route(
                RequestEnd.NONE,
                Optional.empty(),
                Lane.GATEWAY,
                "the application answers " + what + " itself",
                condition,
                HeadEdits.NONE);
    }
}
