package io.velo.config;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationPropertiesBindHandlerAdvisor;
import org.springframework.boot.context.properties.bind.AbstractBindHandler;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.PropertySourcesPlaceholdersResolver;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.env.OriginTrackedMapPropertySource;
import org.springframework.cloud.gateway.config.GatewayProperties;
import org.springframework.cloud.gateway.filter.FilterDefinition;
import org.springframework.cloud.gateway.route.RouteDefinition;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * The gateway's routes as an environment has them, as Spring's binder would read them but in a time that grows with their
 * number and not with its square: each list inside a route costs the binder a look through all keys of the file, so every
 * route of a file is bound for itself, from its own keys.
 */
final class ConfiguredRoutes {

    private static final ConfigurationPropertyName GATEWAY = ConfigurationPropertyName.of(GatewayProperties.PREFIX);
    private static final ConfigurationPropertyName ROUTES = GATEWAY.append("routes");
    private static final ConfigurationPropertyName DEFAULT_FILTERS = GATEWAY.append("default-filters");

    private final ConfigurableEnvironment environment;

    ConfiguredRoutes(ConfigurableEnvironment environment) {
        this.environment = environment;
    }

    /** Has the gateway's own properties bound this way, too. */
    static ConfigurationPropertiesBindHandlerAdvisor advisor(ConfigurableEnvironment environment) {
        return handler -> new EachForItself(handler, new ConfiguredRoutes(environment));
    }

    /**
     * The routes.
     *
     * @throws org.springframework.boot.context.properties.bind.BindException if they cannot be read
     */
    List<RouteDefinition> routes() {
        for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
            SortedMap<Integer, List<ConfigurationPropertyName>> keys = keysByRoute(source);
            if (source.getConfigurationProperty(ROUTES) != null) {
                return asSpringDoes(); // not as elements of a list
            }
            if (!keys.isEmpty()) {
                return isFileWithoutGaps(source, keys) ? each(source, keys) : asSpringDoes();
            }
        }
        return List.of();
    }

    /** The filters of every route. */
    List<FilterDefinition> defaultFilters() {
        return Binder.get(environment)
                .bind(DEFAULT_FILTERS, Bindable.listOf(FilterDefinition.class))
                .orElseGet(List::of);
    }

    private static SortedMap<Integer, List<ConfigurationPropertyName>> keysByRoute(ConfigurationPropertySource source) {
        SortedMap<Integer, List<ConfigurationPropertyName>> keys = new TreeMap<>();
        int place = ROUTES.getNumberOfElements();
        if (source instanceof IterableConfigurationPropertySource iterable) {
            iterable.stream()
                    .filter(name -> ROUTES.isAncestorOf(name) && name.isNumericIndex(place))
                    .forEach(name -> keys.computeIfAbsent(
                                    Integer.valueOf(name.getElement(place, Form.ORIGINAL)), first -> new ArrayList<>())
                            .add(name));
        }
        return keys;
    }

    private static boolean isFileWithoutGaps(
            ConfigurationPropertySource source, SortedMap<Integer, List<ConfigurationPropertyName>> keys) {
        return source.getUnderlyingSource() instanceof OriginTrackedMapPropertySource
                && keys.lastKey() == keys.size() - 1;
    }

    private List<RouteDefinition> each(
            ConfigurationPropertySource source, SortedMap<Integer, List<ConfigurationPropertyName>> keys) {
        PropertySourcesPlaceholdersResolver placeholders = new PropertySourcesPlaceholdersResolver(environment);
        List<RouteDefinition> routes = new ArrayList<>(keys.size());
        keys.forEach((index, names) -> {
            Binder binder = new Binder(List.of(new PartialSource(source, names)), placeholders);
            ConfigurationPropertyName route = ROUTES.append("[" + index + "]");
            routes.add(binder.bindOrCreate(route, Bindable.of(RouteDefinition.class), BindHandler.DEFAULT));
        });
        return routes;
    }

    private List<RouteDefinition> asSpringDoes() {
        return Binder.get(environment)
                .bind(ROUTES, Bindable.listOf(RouteDefinition.class))
                .orElseGet(List::of);
    }

    /** Leaves the routes out when Spring binds the gateway's properties, and puts them in at the end. */
    private static final class EachForItself extends AbstractBindHandler {

        private final ConfiguredRoutes configured;

        EachForItself(BindHandler parent, ConfiguredRoutes configured) {
            super(parent);
            this.configured = configured;
        }

        @Override
        public <T> @Nullable Bindable<T> onStart(
                ConfigurationPropertyName name, Bindable<T> target, BindContext context) {
            return ROUTES.equals(name) ? null : super.onStart(name, target, context);
        }

        @Override
        public void onFinish(
                ConfigurationPropertyName name, Bindable<?> target, BindContext context, @Nullable Object result)
                throws Exception {
            if (GATEWAY.equals(name)
                    && target.getValue() != null
                    && target.getValue().get() instanceof GatewayProperties properties) {
                properties.setRoutes(configured.routes());
            }
            super.onFinish(name, target, context, result);
        }
    }
}
