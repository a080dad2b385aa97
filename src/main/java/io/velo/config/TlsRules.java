package io.velo.config;

import io.velo.tls.BackendTlsSettings;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.core.env.ConfigurableEnvironment;

/** What must hold between Velo's keys for TLS and Boot's. */
final class TlsRules {

    private static final String BUNDLES = "spring.ssl.bundle.";
    private static final List<String> CERTIFICATES = List.of("bundle", "key-store", "certificate");
    private static final Set<String> PROTOCOLS = Set.of(BackendTlsSettings.HTTP_2, BackendTlsSettings.HTTP_1_1);
    private static final int MOST_PORTS = 65535;

    private final ConfigurableEnvironment environment;
    private final Violations violations;

    TlsRules(ConfigurableEnvironment environment, Violations violations) {
        this.environment = environment;
        this.violations = violations;
    }

    void check(VeloConfig config) {
        config.pools().forEach((name, pool) -> checkPool(PoolNames.prefixOf(name), pool.tls()));
        checkClients(config.global().tls());
        TlsProperties.Redirect redirect = config.global().tls().redirect();
        violations.between("lb.tls.redirect.port", redirect.port(), 0, MOST_PORTS);
        violations.between("lb.tls.redirect.https-port", redirect.httpsPort(), 0, MOST_PORTS);
        violations.unless(
                !redirect.enabled() || byTls(),
                "lb.tls.redirect.enabled",
                true,
                "needs TLS to send clients to: server.ssl.bundle");
        Duration maxAge = config.global().tls().hsts().maxAge();
        violations.unless(!maxAge.isNegative(), "lb.tls.hsts.max-age", maxAge, "must be at least 0s");
    }

    private void checkPool(String prefix, PoolProperties.Tls tls) {
        violations.unless(
                tls.bundle().isEmpty() || isBundle(tls.bundle(), ""),
                prefix + "tls.bundle",
                tls.bundle(),
                "must be the name of an SSL bundle: there is no " + BUNDLES + "pem." + tls.bundle() + " and no "
                        + BUNDLES + "jks." + tls.bundle());
        violations.unless(
                tls.sni().matches("[A-Za-z0-9._-]*"),
                prefix + "tls.sni",
                tls.sni(),
                "must be a host name, such as api.example.org");
        violations.unless(
                PROTOCOLS.containsAll(tls.alpn())
                        && Set.copyOf(tls.alpn()).size() == tls.alpn().size(),
                prefix + "tls.alpn",
                String.join(",", tls.alpn()),
                "must be h2, http/1.1, or both, each once");
    }

    private boolean byTls() {
        return environment.getProperty("server.ssl.enabled", Boolean.class, true)
                && CERTIFICATES.stream().anyMatch(key -> !ssl(key).isEmpty());
    }

    /** Without a list of its own whom to trust, everybody with a certificate of some public authority would come in. */
    private void checkClients(TlsProperties tls) {
        String asked = ssl("client-auth").toLowerCase(Locale.ROOT);
        boolean wanted = asked.equals("want") || asked.equals("need");
        String bundle = ssl("bundle");
        boolean trusting = bundle.isEmpty()
                ? Stream.of("trust-store", "trust-certificate").anyMatch(key -> !ssl(key).isEmpty())
                : isBundle(bundle, ".truststore");
        violations.unless(
                !wanted || trusting,
                "server.ssl.client-auth",
                asked,
                "needs a truststore in the SSL bundle: the authorities whose clients may come in");
        String field = tls.clientCert().field().name().toLowerCase(Locale.ROOT).replace('_', '-');
        violations.unless(
                field.equals("none") || wanted,
                "lb.tls.client-cert.field",
                field,
                "needs server.ssl.client-auth: want or need");
    }

    private String ssl(String key) {
        return environment.getProperty("server.ssl." + key, "");
    }

    private boolean isBundle(String name, String below) {
        Binder binder = Binder.get(environment);
        return Stream.of("pem", "jks")
                .map(kind -> ConfigurationPropertyName.adapt(BUNDLES + kind + "." + name + below, '.'))
                .anyMatch(key -> binder.bind(key, Bindable.mapOf(String.class, Object.class))
                        .isBound());
    }
}
