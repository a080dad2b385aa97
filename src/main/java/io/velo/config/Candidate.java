package io.velo.config;

import io.velo.gateway.LiveRoutes.RouteSet;
import java.util.Map;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * A configuration that was read and found right as far as can be told without putting it in force.
 *
 * @param routes what it says of routes
 * @param fixed what in it counts only at the start
 */
record Candidate(VeloConfig config, RouteSet routes, Map<String, String> fixed) {

    /**
     * Reads one.
     *
     * @param before what earlier readings came to
     * @throws InvalidConfigurationException with all that is wrong
     */
    static Candidate of(ConfigurableEnvironment environment, ReadBefore before) {
        return of(environment, new ConfigReader(environment, before).read());
    }

    static Candidate of(ConfigurableEnvironment environment, VeloConfig config) {
        return new Candidate(config, routesOf(environment), FixedKeys.of(environment));
    }

    private static RouteSet routesOf(ConfigurableEnvironment environment) {
        ConfiguredRoutes configured = new ConfiguredRoutes(environment);
        return new RouteSet(configured.routes(), configured.defaultFilters());
    }
}
