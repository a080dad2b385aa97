package io.velo.config;

import io.velo.backend.BackendSpec;
import io.velo.backend.BackendSpec.Source;
import io.velo.gateway.LiveRoutes.RouteSet;
import io.velo.pool.PoolSpec;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.springframework.cloud.gateway.route.RouteDefinition;
import org.springframework.util.DigestUtils;
import org.springframework.util.ReflectionUtils;

/**
 * What can change of a configuration while Velo runs, as flat keys and values: {@code pools.default.strategy},
 * {@code pools.default.backends.b1}, {@code routes.shop}. By it two configurations are compared, here and across processes.
 */
final class ConfigDigest {

    /** What stands before keys that concern neither a pool nor a route alone. */
    static final String GLOBAL = "global.";

    private final Map<String, String> values = new LinkedHashMap<>();

    private ConfigDigest() {}

    static Map<String, String> of(VeloConfig config, Map<String, PoolSpec> specs, RouteSet routes) {
        Map<String, PoolProperties> pools = config.pools();
        ConfigDigest digest = new ConfigDigest();
        digest.addAuth(config.global().auth());
        pools.forEach((name, pool) -> digest.add("pools." + name + ".", pool));
        pools.forEach((name, pool) -> digest.addPlaces("pools." + name + ".backends.", pool));
        specs.forEach((name, spec) -> digest.add("pools." + name + ".backends.", spec.backends()));
        digest.addGlobal(config.global());
        for (int i = 0; i < routes.routes().size(); i++) {
            digest.add(i, routes.routes().get(i));
        }
        if (!routes.defaultFilters().isEmpty()) {
            digest.values.put(
                    "default-filters", digestOf(routes.defaultFilters().toString()));
        }
        return digest.values;
    }

    /** There may be secrets in each part, so only that it is another is told. */
    private void addAuth(AuthProperties auth) {
        for (RecordComponent component : AuthProperties.class.getRecordComponents()) {
            values.put("auth." + dashed(component.getName()), tracesOf(whole(valueOf(component, auth))));
        }
        values.put("auth.keys", tracesOf(AuthAssembly.settings(auth).jwt().keys()));
    }

    /** With what the texts for logs leave out. */
    private static String whole(Object value) {
        if (value instanceof Collection<?> all) {
            return all.stream().map(ConfigDigest::whole).toList().toString();
        }
        if (!(value instanceof Record settings)) {
            return value.toString();
        }
        return Arrays.stream(settings.getClass().getRecordComponents())
                .map(component -> component.getName() + "=" + whole(valueOf(component, settings)))
                .toList()
                .toString();
    }

    private void add(String prefix, Record settings) {
        for (RecordComponent component : settings.getClass().getRecordComponents()) {
            Object value = valueOf(component, settings);
            String key = prefix + dashed(component.getName());
            if (value instanceof Record group) {
                add(key + ".", group);
            } else if (!component.getName().equals("backends")) {
                values.put(key, component.getName().equals("secret") ? tracesOf(value) : Violations.text(value));
            }
        }
    }

    /** What concerns all pools and can change. */
    private void addGlobal(LbProperties global) {
        RateLimitProperties limits = global.rateLimit();
        values.put(GLOBAL + "rate-limit.on-outage", Violations.text(limits.onOutage()));
        values.put(GLOBAL + "client.max-body", global.client().maxBody().toString());
        global.routeTerms().forEach(terms -> values.put(GLOBAL + "route-terms." + terms.id(), terms.toString()));
        limits.rules().forEach(rule -> values.put(GLOBAL + "rate-limit." + rule.name(), rule.toString()));
    }

    /** What is found there is no matter of what the configuration says. */
    private void addPlaces(String prefix, PoolProperties pool) {
        pool.backends().stream()
                .filter(backend -> Place.is(backend.url()))
                .forEach(place -> values.put(
                        prefix + place.url(), told(place.url(), place.weight(), place.maxInFlight(), place.zone())));
    }

    private static Object valueOf(RecordComponent component, Record settings) {
        ReflectionUtils.makeAccessible(component.getAccessor());
        return Objects.requireNonNull(ReflectionUtils.invokeMethod(component.getAccessor(), settings));
    }

    private static String dashed(String name) {
        return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    private void add(String prefix, List<BackendSpec> backends) {
        for (BackendSpec backend : backends) {
            if (backend.source() != Source.DISCOVERY) {
                String priority = backend.priority() == 0 ? "" : ", priority " + backend.priority();
                values.put(
                        prefix + backend.id(),
                        told(backend.uri().toString(), backend.weight(), backend.maxInFlight(), backend.zone())
                                + priority);
            }
        }
    }

    private static String told(String url, int weight, int maxInFlight, String zone) {
        return url + ", weight " + weight + (maxInFlight == 0 ? "" : ", max-in-flight " + maxInFlight)
                + (zone.isEmpty() ? "" : ", zone " + zone);
    }

    private void add(int place, RouteDefinition route) {
        String id = Objects.requireNonNullElse(route.getId(), "#" + place);
        String definition =
                route.getPredicates() + " " + route.getFilters() + " " + route.getMetadata() + " " + route.isEnabled();
        values.put(
                "routes." + id,
                "to " + route.getUri() + ", place " + place + ", order " + route.getOrder() + ", definition "
                        + digestOf(definition));
    }

    /** Too little of a secret to find it by, but enough to see that it is another. */
    private static String tracesOf(Object secret) {
        String text = secret.toString();
        return text.isEmpty() ? "" : "…" + digestOf(text).substring(0, 4);
    }

    /** Arguments of filters may be secrets. */
    private static String digestOf(String definition) {
        return DigestUtils.md5DigestAsHex(definition.getBytes(StandardCharsets.UTF_8));
    }
}
