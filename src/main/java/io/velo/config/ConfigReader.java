package io.velo.config;

import io.velo.access.Mechanism;
import io.velo.pool.Pools;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.AbstractBindHandler;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.PropertySourcesPlaceholdersResolver;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.core.ResolvableType;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Reads the configuration from an environment, whole: what can't be read is noted, and reading goes on, so that one attempt
 * tells of every problem. The same reading serves the start and {@code --check-config}.
 */
final class ConfigReader {

    private static final Pattern SECRET =
            Pattern.compile("lb\\.auth\\.(basic\\.users|api-?keys\\.keys|oidc)|secret|token");

    private final ConfigurableEnvironment environment;
    private final List<ConfigurationPropertySource> sources = new ArrayList<>();
    private final BoundKeys keys;
    private final ReadBefore before;
    private final List<ConfigProblem> problems = new ArrayList<>();

    ConfigReader(ConfigurableEnvironment environment) {
        this(environment, new ReadBefore());
    }

    /**
     * @param before what earlier readings came to
     */
    ConfigReader(ConfigurableEnvironment environment, ReadBefore before) {
        this.environment = environment;
        this.before = before;
        ConfigurationPropertySources.get(environment).forEach(sources::add);
        this.keys = new BoundKeys(sources);
    }

    /**
     * Reads it.
     *
     * @throws InvalidConfigurationException with all that is wrong
     */
    VeloConfig read() {
        Attempt attempt = attempt();
        if (!attempt.problems.isEmpty()) {
            throw new InvalidConfigurationException(attempt.problems);
        }
        return attempt.config;
    }

    /** Reads it, right or wrong. */
    Attempt attempt() {
        LbProperties global = read(keys.all(), LbProperties.class);
        Map<String, PoolProperties> pools = new LinkedHashMap<>();
        pools.put(Pools.DEFAULT, pool(keys.all()));
        keys.poolNames().forEach(name -> pools.put(name, pool(keys.ofPool(name))));
        keys.unknown().forEach(this::refuseUnknown);
        VeloConfig config = new VeloConfig(global, pools, unknownVariables());
        problems.addAll(new ConfigRules(environment, sources).check(config));
        return new Attempt(config, problems.stream().distinct().toList());
    }

    private PoolProperties pool(List<ConfigurationPropertySource> sources) {
        return read(sources, PoolProperties.class);
    }

    private <T> T read(List<ConfigurationPropertySource> sources, Class<T> type) {
        ReadBefore.Written written = ReadBefore.Written.in(sources, type);
        return before.recall(written, type).orElseGet(() -> {
            int wrong = problems.size();
            T bound = bind(sources, Bindable.of(type));
            if (problems.size() == wrong) {
                before.remember(written, bound);
            }
            return bound;
        });
    }

    private <T> T bind(List<ConfigurationPropertySource> sources, Bindable<T> type) {
        Binder binder = new Binder(
                sources,
                new PropertySourcesPlaceholdersResolver(environment),
                ApplicationConversionService.getSharedInstance());
        T bound = binder.bindOrCreate(BoundKeys.LB, type, new NotingHandler());
        return Objects.requireNonNull(bound); // all keys have defaults
    }

    private void refuseUnknown(ConfigurationProperty property) {
        String key = property.getName().toString();
        String rule = BoundKeys.isGroup(property.getName()) ? "must have keys under it" : "there is no such key";
        problems.add(new ConfigProblem(key, shown(key, String.valueOf(property.getValue())), rule, origin(property)));
    }

    /** Some values are secrets, or may be, in the wrong place. */
    private static String shown(String key, String value) {
        return SECRET.matcher(key).find() ? "…" : value;
    }

    private List<String> unknownVariables() {
        return keys.unknownVariables().stream()
                .map(property -> ConfigProblem.variable(property.getName().toString()))
                .filter(variable -> !VeloEnvironment.VARIABLES.contains(variable))
                .distinct()
                .toList();
    }

    private static String origin(ConfigurationProperty property) {
        return property.getOrigin() == null ? "" : property.getOrigin().toString();
    }

    /**
     * What came of reading.
     *
     * @param config holds defaults where there are problems
     */
    record Attempt(VeloConfig config, List<ConfigProblem> problems) {}

    /** Notes a value that doesn't fit its type and goes on with the default. */
    private final class NotingHandler extends AbstractBindHandler {

        @Override
        public @Nullable Object onFailure(
                ConfigurationPropertyName name, Bindable<?> target, BindContext context, Exception error) {
            ConfigurationProperty property = context.getConfigurationProperty();
            String key = property == null ? name.toString() : property.getName().toString();
            String value = property == null ? "" : String.valueOf(property.getValue());
            problems.add(new ConfigProblem(
                    key,
                    shown(key, value),
                    "must be " + kindOf(target.getType()),
                    property == null ? "" : origin(property)));
            return null;
        }

        private static String kindOf(ResolvableType type) {
            String name = type.resolve(Object.class).getSimpleName();
            return switch (name) {
                case "Duration" -> "a duration such as 500ms, 5s or 1m";
                case "int", "Integer" -> "a whole number";
                case "double", "Double" -> "a number such as 0.5";
                case "boolean", "Boolean" -> "true or false";
                case "List", "Set" -> "a list" + ofKind(type.resolveGeneric(0));
                case "BackendProperties" -> "a URL or an object with a url";
                default -> "a " + name;
            };
        }

        private static String ofKind(@Nullable Class<?> element) {
            if (element == Mechanism.class) {
                return " of " + Mechanism.words();
            }
            return element == Integer.class ? " of whole numbers" : "";
        }
    }
}
