package io.velo.config;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.cloud.gateway.config.GatewayProperties;
import org.springframework.cloud.gateway.route.RouteDefinition;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.env.ConfigurableEnvironment;

/** What must hold between values that each fit their type. */
final class ConfigRules {

    private static final Pattern POOL_NAME = Pattern.compile("[a-z]([a-z0-9-]{0,61}[a-z0-9])?");
    private static final Pattern CIDR = Pattern.compile("[0-9a-fA-F.:]+(/\\d{1,3})?");
    static final String NETWORK = "must be an address or a CIDR network";
    private static final List<String> CERTIFICATES =
            List.of("server.ssl.bundle", "server.ssl.certificate", "server.ssl.key-store");
    private static final int MOST_DEMO_BACKENDS = 100;
    private static final int MOST_WAITING_LINES = 1 << 20;

    private final ConfigurableEnvironment environment;
    private final List<ConfigurationPropertySource> sources;
    private final Violations violations;

    ConfigRules(ConfigurableEnvironment environment, List<ConfigurationPropertySource> sources) {
        this.environment = environment;
        this.sources = sources;
        this.violations = new Violations(sources);
    }

    List<ConfigProblem> check(VeloConfig config) {
        checkListening();
        checkGlobal(config.global());
        config.pools().forEach(this::checkPool);
        new SplitRules(config.pools(), violations).check();
        checkRoutes(config.pools());
        new TlsRules(environment, violations).check(config);
        return violations.found();
    }

    private void checkListening() {
        String port = property("server.port");
        violations.unless(port == null || isPort(port), "server.port", port, "must be a port, 0 to 65535");
        String management = property("management.server.port");
        violations.unless(
                management == null || management.equals("-1") || isPort(management),
                "management.server.port",
                management,
                "must be a port, 0 to 65535, or -1 for none");
        String address = property("server.address");
        violations.unless(
                address == null || isAddress(address),
                "server.address",
                address,
                "must be an IP address or the name of one");
    }

    private @Nullable String property(String key) {
        try {
            return environment.getProperty(key);
        } catch (IllegalArgumentException unresolved) {
            violations.unless(false, key, "", "must not name a placeholder that has no value");
            return null;
        }
    }

    private static boolean isPort(String text) {
        return text.matches("\\d{1,5}") && Integer.parseInt(text) <= 65535;
    }

    private static boolean isAddress(String text) {
        try {
            return !text.isBlank() && InetAddress.getByName(text) != null;
        } catch (UnknownHostException e) {
            return false;
        }
    }

    private void checkGlobal(LbProperties global) {
        checkNetworks("lb.forwarded.trusted", global.forwarded().trusted());
        checkNetworks("lb.forwarded.proxy-protocol", global.forwarded().proxyProtocol());
        violations.unless(
                !global.metrics().enabled() || global.metrics().path().matches("/[^/?#].*"),
                "lb.metrics.path",
                global.metrics().path(),
                "must be a path such as /metrics");
        int demo = global.demo().backends();
        violations.unless(
                demo >= 0 && demo <= MOST_DEMO_BACKENDS,
                "lb.demo.backends",
                demo,
                "must be 0 to " + MOST_DEMO_BACKENDS);
        violations.positive("lb.reload.poll", global.reload().poll());
        violations.unless(
                global.admin().token().matches("[!-~]*"),
                "lb.admin.token",
                "…",
                "must be of visible ASCII characters without spaces");
        violations.unless(
                global.explain().token().matches("[!-~]*"),
                "lb.explain.token",
                "…",
                "must be of visible ASCII characters without spaces");
        new ClientLimitRules(violations).check(global);
        new LimitRules(violations).check(global.rateLimit());
        new Http2Rules(violations).check(global.http2());
        checkHttp3(global.http3());
        checkAccessLog(global.accessLog());
        new AuthRules(global.auth(), violations).check();
        checkDiscovery(global.discovery());
    }

    private void checkHttp3(LbProperties.Http3 http3) {
        violations.unless(
                isPort(String.valueOf(http3.port())), "lb.http3.port", http3.port(), "must be a port, 0 to 65535");
        boolean certificate = CERTIFICATES.stream().anyMatch(environment::containsProperty);
        violations.unless(
                !http3.enabled() || certificate,
                "lb.http3.enabled",
                http3.enabled(),
                "needs a certificate: server.ssl.bundle, or other keys of server.ssl");
    }

    private void checkNetworks(String key, List<String> networks) {
        for (int i = 0; i < networks.size(); i++) {
            violations.unless(isNetwork(networks.get(i)), key + "[" + i + "]", networks.get(i), NETWORK);
        }
    }

    private void checkDiscovery(LbProperties.Discovery discovery) {
        for (int i = 0; i < discovery.nameservers().size(); i++) {
            String nameserver = discovery.nameservers().get(i);
            violations.unless(
                    NameserverAddress.parse(nameserver).isPresent(),
                    "lb.discovery.nameservers[" + i + "]",
                    nameserver,
                    "must be an address, such as 10.0.0.53, 10.0.0.53:5353 or [fd00::53]:53");
        }
        violations.positive("lb.discovery.timeout", discovery.timeout());
        violations.positive("lb.discovery.min-refresh", discovery.minRefresh());
        violations.unless(
                discovery.maxRefresh().compareTo(discovery.minRefresh()) >= 0,
                "lb.discovery.max-refresh",
                discovery.maxRefresh(),
                "must be at least lb.discovery.min-refresh, " + Violations.text(discovery.minRefresh()));
    }

    private void checkAccessLog(LbProperties.AccessLog log) {
        violations.unless(
                !log.file().matches(".*[%()].*"), "lb.access-log.file", log.file(), "must not have %, ( or ) in it");
        violations.unless(
                log.maxFileSize().toBytes() > 0,
                "lb.access-log.max-file-size",
                log.maxFileSize(),
                "must be above zero");
        violations.unless(log.maxHistory() >= 0, "lb.access-log.max-history", log.maxHistory(), "must be at least 0");
        violations.unless(
                log.queueSize() >= 1 && log.queueSize() <= MOST_WAITING_LINES,
                "lb.access-log.queue-size",
                log.queueSize(),
                "must be 1 to " + MOST_WAITING_LINES);
    }

    static boolean isNetwork(String text) {
        if (!CIDR.matcher(text).matches()) {
            return false;
        }
        int slash = text.indexOf('/');
        String address = slash < 0 ? text : text.substring(0, slash);
        boolean v6 = NetUtil.isValidIpV6Address(address);
        boolean valid = v6 || NetUtil.isValidIpV4Address(address);
        return valid && (slash < 0 || Integer.parseInt(text.substring(slash + 1)) <= (v6 ? 128 : 32));
    }

    private void checkPool(String name, PoolProperties pool) {
        String prefix = PoolNames.prefixOf(name);
        violations.unless(
                POOL_NAME.matcher(name).matches(),
                "lb.pools." + name,
                name,
                "a pool's name must be lower-case letters, digits and dashes, beginning with a letter");
        Violations own = new Violations(sources);
        new PoolRules(prefix, own).check(pool);
        own.found().stream().filter(problem -> !isInherited(problem, prefix)).forEach(violations::add);
    }

    /** Whether the value stands above and was found wrong there, the default pool coming first. */
    private boolean isInherited(ConfigProblem problem, String prefix) {
        String key = problem.key().replace(prefix, "lb.");
        String rule = problem.rule().replace(prefix, "lb.");
        return problem.origin().isEmpty()
                && violations.found().stream()
                        .anyMatch(
                                above -> above.key().equals(key) && above.rule().equals(rule));
    }

    private void checkRoutes(Map<String, PoolProperties> pools) {
        String key = GatewayProperties.PREFIX + ".routes";
        List<RouteDefinition> routes = routes();
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < routes.size(); i++) {
            RouteDefinition route = routes.get(i);
            String at = key + "[" + i + "]";
            String id = route.getId();
            violations.unless(id == null || ids.add(id), at + ".id", id, "another route has this id");
            URI uri = route.getUri();
            violations.unless(
                    uri == null || !leadsNowhere(uri, pools.keySet()),
                    at + ".uri",
                    uri,
                    "there is no such pool; there are " + String.join(", ", pools.keySet()));
        }
    }

    private List<RouteDefinition> routes() {
        try {
            return new ConfiguredRoutes(environment).routes();
        } catch (BindException e) {
            ConfigurationProperty property = e.getProperty();
            String cause = NestedExceptionUtils.getMostSpecificCause(e).getMessage();
            violations.unless(
                    false,
                    e.getName().toString(),
                    property == null ? "" : property.getValue(),
                    "cannot be read: " + cause);
            return List.of();
        }
    }

    private static boolean leadsNowhere(URI uri, Set<String> pools) {
        return "lb".equals(uri.getScheme()) && (uri.getHost() == null || !pools.contains(uri.getHost()));
    }
}
