package io.velo.gateway.routes;

import io.velo.route.PathMatch;
import io.velo.route.RouteMatch;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.springframework.beans.DirectFieldAccessor;
import org.springframework.cloud.gateway.handler.predicate.AbstractRoutePredicateFactory;
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
import org.springframework.cloud.gateway.handler.predicate.RoutePredicateFactory;
import org.springframework.cloud.gateway.support.ConfigurationService;
import org.springframework.web.util.pattern.PathPatternParser;

/**
 * Reads the predicates of a definition. The arguments are bound by the gateway's own service for the gateway's own factory,
 * so that they mean the same; a factory of another class is not understood, whatever its name.
 */
final class PredicateReader {

    private final ConfigurationService arguments;
    private final InstantSource time;
    private final Map<String, RoutePredicateFactory<?>> factories = new HashMap<>();
    private final Map<String, Function<PredicateDefinition, Reading<RouteMatch>>> readers = new HashMap<>();

    /**
     * @param factories the gateway's, in its order; of two with one name the last counts, as there
     */
    PredicateReader(List<RoutePredicateFactory<?>> factories, ConfigurationService arguments, InstantSource time) {
        this.arguments = arguments;
        this.time = time;
        factories.forEach(factory -> this.factories.put(factory.name(), factory));
        know(PathRoutePredicateFactory.class, PredicateReader::path);
        know(
                HostRoutePredicateFactory.class,
                (HostRoutePredicateFactory factory, HostRoutePredicateFactory.Config config) ->
                        new HostConditions(factory).of(config.getPatterns()));
        know(MethodRoutePredicateFactory.class, (factory, config) -> ValueConditions.method(config));
        know(HeaderRoutePredicateFactory.class, (factory, config) -> ValueConditions.header(config));
        know(QueryRoutePredicateFactory.class, (factory, config) -> ValueConditions.query(config));
        know(CookieRoutePredicateFactory.class, (factory, config) -> ValueConditions.cookie(config));
        know(AfterRoutePredicateFactory.class, this::after);
        know(BeforeRoutePredicateFactory.class, this::before);
        know(BetweenRoutePredicateFactory.class, this::between);
    }

    private <C, F extends AbstractRoutePredicateFactory<C>> void know(
            Class<F> type, BiFunction<F, C, RouteMatch> reader) {
        factories.forEach((name, factory) -> {
            if (factory.getClass() == type) {
                readers.put(name, definition -> read(type.cast(factory), definition, reader));
            }
        });
    }

    private <C, F extends AbstractRoutePredicateFactory<C>> Reading<RouteMatch> read(
            F factory, PredicateDefinition definition, BiFunction<F, C, RouteMatch> reader) {
        C config = arguments
                .<C, F>with(factory)
                .name(definition.getName())
                .properties(definition.getArgs())
                .bind();
        return new Reading.Known<>(factory.apply(config).toString(), reader.apply(factory, config));
    }

    /** What a predicate comes to. */
    Reading<RouteMatch> read(PredicateDefinition definition) {
        Function<PredicateDefinition, Reading<RouteMatch>> reader = readers.get(definition.getName());
        if (reader == null) {
            return gatewayOnly(definition, "is for the gateway alone");
        }
        try {
            return reader.apply(definition);
        } catch (RuntimeException unread) {
            return gatewayOnly(definition, "is for the gateway alone: " + unread.getMessage());
        }
    }

    private static Reading<RouteMatch> gatewayOnly(PredicateDefinition definition, String why) {
        return new Reading.GatewayOnly<>("predicate " + definition.getName() + " " + why);
    }

    /** By the factory's own parser, which has no getter, for the application may have given it another. */
    private static RouteMatch path(PathRoutePredicateFactory factory, PathRoutePredicateFactory.Config config) {
        PathPatternParser parser = (PathPatternParser)
                Objects.requireNonNull(new DirectFieldAccessor(factory).getPropertyValue("pathPatternParser"));
        List<PathMatch> paths = config.getPatterns().stream()
                .map(pattern -> PathConditions.of(parser.parse(pattern), parser))
                .toList();
        return paths.isEmpty() ? RouteMatch.of(request -> false) : RouteMatch.ofPaths(paths);
    }

    private RouteMatch after(AfterRoutePredicateFactory factory, AfterRoutePredicateFactory.Config config) {
        var start = Objects.requireNonNull(config.getDatetime()).toInstant();
        return RouteMatch.of(request -> time.instant().isAfter(start));
    }

    private RouteMatch before(BeforeRoutePredicateFactory factory, BeforeRoutePredicateFactory.Config config) {
        var end = Objects.requireNonNull(config.getDatetime()).toInstant();
        return RouteMatch.of(request -> time.instant().isBefore(end));
    }

    private RouteMatch between(BetweenRoutePredicateFactory factory, BetweenRoutePredicateFactory.Config config) {
        var start = Objects.requireNonNull(config.getDatetime1()).toInstant();
        var end = Objects.requireNonNull(config.getDatetime2()).toInstant();
        return RouteMatch.of(
                request -> time.instant().isAfter(start) && time.instant().isBefore(end));
    }
}
