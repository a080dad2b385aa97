package io.velo.gateway.routes;

import io.velo.gateway.routes.Reading.GatewayOnly;
import io.velo.gateway.routes.Reading.Known;
import io.velo.pool.Pools;
import io.velo.route.RouteTable;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.cloud.gateway.config.GatewayProperties;
import org.springframework.cloud.gateway.filter.factory.GatewayFilterFactory;
import org.springframework.cloud.gateway.handler.predicate.RoutePredicateFactory;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.route.RouteDefinition;
import org.springframework.cloud.gateway.support.ConfigurationService;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.function.SingletonSupplier;

/** Makes the tables of routes of an application. Looks at its beans on the first call, when all of them are there. */
public final class RouteTables {

    private static final Logger log = LoggerFactory.getLogger(RouteTables.class);

    private final Supplier<RouteCompiler> compiler;
    private final Supplier<Optional<String>> otherSay;
    private final ReservedPaths reserved;
    private final boolean express;
    private final AtomicBoolean warned = new AtomicBoolean();

    private RouteTables(
            Supplier<RouteCompiler> compiler,
            Supplier<Optional<String>> otherSay,
            ReservedPaths reserved,
            boolean express) {
        this.compiler = SingletonSupplier.of(compiler);
        this.otherSay = SingletonSupplier.of(otherSay);
        this.reserved = reserved;
        this.express = express;
    }

    /**
     * For an application.
     *
     * @param express whether routes may take the express lane at all
     * @param time what predicates on the time of day go by
     */
    public static RouteTables of(
            ConfigurableApplicationContext context, Pools pools, boolean express, InstantSource time) {
        Beans beans = new Beans(context);
        return new RouteTables(
                () -> new RouteCompiler(readerFor(context, time), pools),
                () -> otherSay(beans, context),
                new ReservedPaths(context),
                express);
    }

    private static RouteReader readerFor(ConfigurableApplicationContext context, InstantSource time) {
        ConfigurationService arguments = context.getBean(ConfigurationService.class);
        List<RoutePredicateFactory<?>> predicates = context.getBeanProvider(RoutePredicateFactory.class)
                .orderedStream()
                .<RoutePredicateFactory<?>>map(factory -> factory)
                .toList();
        List<GatewayFilterFactory<?>> filters = context.getBeanProvider(GatewayFilterFactory.class)
                .orderedStream()
                .<GatewayFilterFactory<?>>map(factory -> factory)
                .toList();
        return new RouteReader(
                new PredicateReader(predicates, arguments, time),
                new FilterReader(filters, arguments),
                context.getBean(GatewayProperties.class)::getDefaultFilters);
    }

    private static Optional<String> otherSay(Beans beans, ConfigurableApplicationContext context) {
        return new ForeignSettings(context.getEnvironment(), beans).why().or(() -> new ForeignBeans(beans).why());
    }

    /**
     * The table of these routes.
     *
     * @param routes the gateway's, in the order in which it tries them
     * @param definitions what the gateway makes routes of
     */
    public RouteTable of(List<Route> routes, List<RouteDefinition> definitions) {
        if (!express) {
            return withoutExpress(routes, definitions, "express lane is switched off (lb.express.enabled)");
        }
        Reading<List<io.velo.route.Route>> before = reserved.read();
        Optional<String> why = otherSay.get().or(() -> untold(before));
        if (why.isEmpty() && before instanceof Known<List<io.velo.route.Route>> known) {
            return compiler.get().compile(routes, definitions, known.value(), Optional.empty());
        }
        String sentence = why.orElseThrow();
        warnOnce(sentence);
        return withoutExpress(routes, definitions, sentence);
    }

    private static Optional<String> untold(Reading<List<io.velo.route.Route>> before) {
        return before instanceof GatewayOnly<List<io.velo.route.Route>> unknown
                ? Optional.of(unknown.why())
                : Optional.empty();
    }

    private RouteTable withoutExpress(List<Route> routes, List<RouteDefinition> definitions, String why) {
        return compiler.get().compile(routes, definitions, List.of(), Optional.of(why));
    }

    private void warnOnce(String why) {
        if (warned.compareAndSet(false, true)) {
            log.warn("{}: all routes take the gateway lane", why);
        }
    }
}
