package io.velo.config;

import io.velo.backend.BackendSpec;
import io.velo.backend.Health;
import io.velo.breaker.CircuitSettings;
import io.velo.concurrency.ConcurrencySettings;
import io.velo.pool.AffinityRule;
import io.velo.pool.CanaryKey;
import io.velo.pool.CanaryPlan;
import io.velo.pool.PoolSpec;
import io.velo.pool.RetryPolicy;
import io.velo.pool.StrategyRules;
import io.velo.probe.ProbeSettings;
import io.velo.probe.StatusRanges;
import io.velo.strategy.HashKey;
import io.velo.strategy.HashRule;
import io.velo.strategy.TierRule;
import io.velo.tls.BackendTlsSettings;
import io.velo.tls.TlsSettings;
import io.velo.wire.MirrorSettings;
import io.velo.wire.UpstreamSettings;
import io.velo.wire.h2.StreamSettings;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Turns properties that were found right into the settings of the packages that own them. */
final class Settings {

    private Settings() {}

    static PoolSpec pool(String name, PoolProperties pool, List<BackendSpec> supplied, String otherSecret) {
        List<BackendSpec> backends =
                Stream.concat(listed(pool), supplied.stream()).toList();
        return new PoolSpec(
                name,
                pool.strategy().toLowerCase(Locale.ROOT),
                rules(pool),
                affinity(name, pool.affinity(), otherSecret),
                backends,
                pool.health().enabled(),
                new Health.Thresholds(pool.health().rise(), pool.health().fall()),
                pool.circuit().maxEjected(),
                pool.panicThreshold(),
                pool.slowStart(),
                pool.drainTimeout(),
                retry(pool.retry()));
    }

    private static RetryPolicy retry(PoolProperties.Retry retry) {
        return new RetryPolicy(
                retry.attempts(),
                retry.statuses(),
                retry.budget(),
                retry.minRetries(),
                retry.backoff(),
                retry.maxBackoff(),
                retry.replayLimit().toBytes(),
                retry.hedgeDelay());
    }

    private static Stream<BackendSpec> listed(PoolProperties pool) {
        return pool.backends().stream()
                .filter(backend -> !Place.is(backend.url()))
                .map(Settings::backend);
    }

    static BackendSpec backend(BackendProperties backend) {
        URI uri = URI.create(backend.url());
        return new BackendSpec(idOf(backend), uri, backend.weight(), backend.maxInFlight(), backend.zone())
                .withPriority(priorityOf(backend));
    }

    static int priorityOf(BackendProperties backend) {
        return Math.max(backend.priority(), backend.backup() ? 1 : 0);
    }

    /**
     * @param otherSecret in place of one that is missing
     */
    private static AffinityRule affinity(String pool, AffinityProperties affinity, String otherSecret) {
        if (affinity.type() == AffinityProperties.By.NONE) {
            return AffinityRule.OFF;
        }
        return new AffinityRule(
                affinity.name().isEmpty() ? "velo-" + pool : affinity.name(),
                affinity.ttl(),
                affinity.path(),
                affinity.secure(),
                affinity.httpOnly(),
                affinity.sameSite(),
                affinity.secret().isEmpty() ? otherSecret : affinity.secret());
    }

    private static StrategyRules rules(PoolProperties pool) {
        HashKey key = HashKey.parse(pool.hash().key()).orElseThrow();
        return new StrategyRules(
                new HashRule(key, pool.hash().balanceFactor()),
                new TierRule(pool.zone(), pool.zoneThreshold(), pool.priorityThreshold()));
    }

    /** The id given, or else what the URL says after its scheme, without the brackets of an IPv6 address. */
    static String idOf(BackendProperties backend) {
        if (!backend.id().isEmpty()) {
            return backend.id();
        }
        if (Place.is(backend.url())) {
            return backend.url();
        }
        return backend.url().replaceFirst("^[a-z0-9]+://", "").replaceAll("/$|\\[|\\]", "");
    }

    static ProbeSettings probe(PoolProperties pool) {
        HealthProperties health = pool.health();
        return new ProbeSettings(
                health.enabled(),
                health.path(),
                health.method(),
                health.host(),
                health.port(),
                health.interval(),
                health.fastInterval(),
                health.timeout(),
                StatusRanges.parse(health.expect()),
                health.jitter(),
                tls(pool.tls()),
                health.type() == HealthProperties.Probe.GRPC ? Optional.of(health.service()) : Optional.empty(),
                pool.proxyProtocol());
    }

    static CircuitSettings circuit(PoolProperties.Circuit circuit) {
        CircuitSettings.RateRule rate = circuit.failureRate() == 0
                ? CircuitSettings.RateRule.OFF
                : new CircuitSettings.RateRule(circuit.window(), circuit.failureRate(), circuit.slowCall());
        return new CircuitSettings(
                circuit.failureThreshold(), circuit.timeout(), circuit.trialRequests(), circuit.statuses(), rate);
    }

    static CanaryPlan canary(PoolProperties.Canary canary) {
        PoolProperties.Guard guard = canary.guard();
        return new CanaryPlan(
                canary.pool(),
                canary.percent(),
                CanaryKey.parse(canary.key()),
                new CanaryPlan.Guard(guard.maxErrorRatio(), guard.minRequests(), guard.window()));
    }

    static MirrorSettings mirror(PoolProperties.Mirror mirror) {
        return new MirrorSettings(mirror.pool(), mirror.percent(), mirror.maxInFlight(), (int)
                mirror.bodyLimit().toBytes());
    }

    static ConcurrencySettings concurrency(PoolProperties.Concurrency concurrency) {
        return new ConcurrencySettings(
                concurrency.type() == PoolProperties.Concurrency.Type.GRADIENT,
                concurrency.initial(),
                concurrency.min(),
                concurrency.max());
    }

    static UpstreamSettings upstream(PoolProperties pool) {
        PoolProperties.Timeouts timeouts = pool.timeouts();
        PoolProperties.Connections connections = pool.connections();
        return new UpstreamSettings(
                timeouts.connect(),
                timeouts.response(),
                timeouts.bodyIdle(),
                timeouts.request(),
                timeouts.attempt(),
                timeouts.websocketIdle(),
                pool.proxyProtocol(),
                connections.maxPerBackend(),
                connections.idle(),
                connections.maxLife(),
                connections.queue(),
                connections.queueTimeout(),
                new StreamSettings(
                        connections.maxStreams(), (int) connections.window().toBytes(), connections.ping()),
                tls(pool.tls()));
    }

    static BackendTlsSettings tls(PoolProperties.Tls tls) {
        return new BackendTlsSettings(tls.bundle(), tls.sni(), tls.verify(), tls.alpn());
    }

    static TlsSettings tls(TlsProperties tls) {
        TlsProperties.Redirect redirect = tls.redirect();
        TlsProperties.Hsts hsts = tls.hsts();
        return new TlsSettings(
                tls.provider(),
                tls.clientCert().field(),
                new TlsSettings.Redirect(redirect.enabled(), redirect.port(), redirect.httpsPort()),
                new TlsSettings.Strict(hsts.maxAge(), hsts.includeSubDomains(), hsts.preload()));
    }
}
