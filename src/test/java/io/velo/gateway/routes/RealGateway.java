package io.velo.gateway.routes;

import io.netty.handler.codec.http.cookie.ServerCookieDecoder;
import io.velo.pool.Pools;
import io.velo.route.RouteTable;
import io.velo.testing.TestRequest;
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.webflux.autoconfigure.WebFluxProperties;
import org.springframework.cloud.gateway.config.GatewayProperties;
import org.springframework.cloud.gateway.filter.FilterDefinition;
import org.springframework.cloud.gateway.filter.factory.AddRequestHeaderGatewayFilterFactory;
import org.springframework.cloud.gateway.filter.factory.AddRequestParameterGatewayFilterFactory;
import org.springframework.cloud.gateway.filter.factory.AddResponseHeaderGatewayFilterFactory;
import org.springframework.cloud.gateway.filter.factory.GatewayFilterFactory;
import org.springframework.cloud.gateway.filter.factory.PrefixPathGatewayFilterFactory;
import org.springframework.cloud.gateway.filter.factory.PreserveHostHeaderGatewayFilterFactory;
import org.springframework.cloud.gateway.filter.factory.RemoveRequestHeaderGatewayFilterFactory;
import org.springframework.cloud.gateway.filter.factory.RemoveResponseHeaderGatewayFilterFactory;
import org.springframework.cloud.gateway.filter.factory.RewritePathGatewayFilterFactory;
import org.springframework.cloud.gateway.filter.factory.SetPathGatewayFilterFactory;
import org.springframework.cloud.gateway.filter.factory.SetRequestHeaderGatewayFilterFactory;
import org.springframework.cloud.gateway.filter.factory.SetResponseHeaderGatewayFilterFactory;
import org.springframework.cloud.gateway.filter.factory.StripPrefixGatewayFilterFactory;
import org.springframework.cloud.gateway.handler.predicate.AfterRoutePredicateFactory;
import org.springframework.cloud.gateway.handler.predicate.BeforeRoutePredicateFactory;
import org.springframework.cloud.gateway.handler.predicate.BetweenRoutePredicateFactory;
import org.springframework.cloud.gateway.handler.predicate.CookieRoutePredicateFactory;
import org.springframework.cloud.gateway.handler.predicate.HeaderRoutePredicateFactory;
import org.springframework.cloud.gateway.handler.predicate.HostRoutePredicateFactory;
import org.springframework.cloud.gateway.handler.predicate.MethodRoutePredicateFactory;
import org.springframework.cloud.gateway.handler.predicate.PathRoutePredicateFactory;
import org.springframework.cloud.gateway.handler.predicate.PredicateDefinition;
import org.springframework.cloud.gateway.handler.predicate.QueryRoutePredicateFactory;
import org.springframework.cloud.gateway.handler.predicate.RemoteAddrRoutePredicateFactory;
import org.springframework.cloud.gateway.handler.predicate.RoutePredicateFactory;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.route.RouteDefinition;
import org.springframework.cloud.gateway.route.RouteDefinitionRouteLocator;
import org.springframework.cloud.gateway.support.ConfigurationService;
import org.springframework.cloud.gateway.support.StringToZonedDateTimeConverter;
import org.springframework.core.convert.support.ConfigurableConversionService;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.http.HttpCookie;
import org.springframework.http.HttpMethod;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The gateway's own factories and route locator, without an application, and Velo's compiler beside them. */
final class RealGateway {

    static {
        // it says at each start what factories there are
        LoggingSystem.get(RealGateway.class.getClassLoader())
                .setLogLevel("org.springframework.cloud.gateway.route", LogLevel.WARN);
    }

    final List<RoutePredicateFactory<?>> predicates = new ArrayList<>(List.of(
            new PathRoutePredicateFactory(new WebFluxProperties()),
            new HostRoutePredicateFactory(),
            new MethodRoutePredicateFactory(),
            new HeaderRoutePredicateFactory(),
            new QueryRoutePredicateFactory(),
            new CookieRoutePredicateFactory(),
            new AfterRoutePredicateFactory(),
            new BeforeRoutePredicateFactory(),
            new BetweenRoutePredicateFactory(),
            new RemoteAddrRoutePredicateFactory()));

    final List<GatewayFilterFactory<?>> filters = new ArrayList<>(List.of(
            new StripPrefixGatewayFilterFactory(),
            new PrefixPathGatewayFilterFactory(),
            new SetPathGatewayFilterFactory(),
            new RewritePathGatewayFilterFactory(),
            new AddRequestHeaderGatewayFilterFactory(),
            new SetRequestHeaderGatewayFilterFactory(),
            new RemoveRequestHeaderGatewayFilterFactory(),
            new AddResponseHeaderGatewayFilterFactory(),
            new SetResponseHeaderGatewayFilterFactory(),
            new RemoveResponseHeaderGatewayFilterFactory(),
            new PreserveHostHeaderGatewayFilterFactory(),
            new AddRequestParameterGatewayFilterFactory()));

    private final GatewayProperties properties = new GatewayProperties();
    private final ConfigurationService arguments;
    private final Pools pools;

    RealGateway(Pools pools, String... defaultFilters) {
        this.pools = pools;
        properties.setDefaultFilters(
                List.of(defaultFilters).stream().map(FilterDefinition::new).toList());
        ConfigurableConversionService conversions = new ApplicationConversionService();
        conversions.addConverter(new StringToZonedDateTimeConverter());
        BeanFactory beans = new StaticListableBeanFactory(Map.of("environment", new StandardEnvironment()));
        arguments = new ConfigurationService(beans, () -> conversions, () -> null);
    }

    static RouteDefinition definition(String id, String uri, List<String> predicates, List<String> filters) {
        RouteDefinition definition = new RouteDefinition();
        definition.setId(id);
        definition.setUri(URI.create(uri));
        definition.setPredicates(
                predicates.stream().map(PredicateDefinition::new).toList());
        definition.setFilters(filters.stream().map(FilterDefinition::new).toList());
        return definition;
    }

    /** The gateway's routes of these definitions. */
    @SuppressWarnings({"unchecked", "rawtypes"}) // so is the locator's constructor
    List<Route> routes(List<RouteDefinition> definitions) {
        return new RouteDefinitionRouteLocator(
                        () -> Flux.fromIterable(definitions), (List) predicates, (List) filters, properties, arguments)
                .getRoutes()
                .collectList()
                .block();
    }

    RouteTable compile(List<RouteDefinition> definitions) {
        return compile(routes(definitions), definitions);
    }

    RouteTable compile(List<Route> routes, List<RouteDefinition> definitions) {
        return compiler().compile(routes, definitions, List.of(), Optional.empty());
    }

    RouteCompiler compiler() {
        return new RouteCompiler(
                new RouteReader(
                        new PredicateReader(predicates, arguments, InstantSource.system()),
                        new FilterReader(filters, arguments),
                        properties::getDefaultFilters),
                pools);
    }

    /** Whether the gateway's own predicate takes the request. */
    static boolean takes(Route route, TestRequest request) {
        return Boolean.TRUE.equals(
                Mono.from(route.getPredicate().apply(exchange(request))).block());
    }

    static MockServerWebExchange exchange(TestRequest request) {
        MockServerHttpRequest.BodyBuilder http = MockServerHttpRequest.method(
                HttpMethod.valueOf(request.method()), URI.create("http://localhost:8090" + request.target()));
        request.fields().forEach((name, values) -> http.header(name, values.toArray(String[]::new)));
        request.headers("Cookie").stream() // as Spring's adapter for Reactor Netty does
                .flatMap(field -> ServerCookieDecoder.STRICT.decodeAll(field).stream())
                .forEach(cookie -> http.cookie(new HttpCookie(cookie.name(), cookie.value())));
        return MockServerWebExchange.from(http.build());
    }
}
