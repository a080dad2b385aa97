package io.velo.config;

import io.velo.pool.AffinityRule;
import io.velo.probe.StatusRanges;
import io.velo.proxyprotocol.ProxyProtocol;
import io.velo.strategy.HashKey;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.springframework.util.unit.DataSize;

/** What must hold inside one pool. */
final class PoolRules {

    private static final int MOST_STREAMS = 10_000;
    private static final long LEAST_WINDOW = 64 << 10;
    private static final long MOST_WINDOW = 16 << 20;

    private static final Pattern TOKEN = Pattern.compile("[A-Z]+");
    private static final double MOST_JITTER = 0.5;
    private static final int MOST_ATTEMPTS = 10;
    private static final int MOST_RETRIES = 1_000_000;
    private static final Duration MOST_BACKOFF = Duration.ofSeconds(60);
    private static final DataSize MOST_REPLAY = DataSize.ofMegabytes(16);
    private static final int MOST_BALANCE_FACTOR = 100;
    private static final int SHORTEST_SECRET = 16;

    private final String prefix;
    private final Violations violations;

    /**
     * @param prefix what stands before the pool's keys, with a dot at its end
     */
    PoolRules(String prefix, Violations violations) {
        this.prefix = prefix;
        this.violations = violations;
    }

    void check(PoolProperties pool) {
        checkHealth(pool.health());
        checkProbeRequest(pool.health());
        checkCircuit(pool.circuit());
        checkTimeouts(pool.timeouts());
        checkRetry(pool.retry());
        checkConnections(pool.connections());
        checkConcurrency(pool.concurrency());
        new BackendRules(prefix, violations).check(pool.backends());
        checkProxyProtocol(pool);
        violations.notNegative(key("slow-start"), pool.slowStart());
        violations.notNegative(key("drain-timeout"), pool.drainTimeout());
        violations.between(key("panic-threshold"), pool.panicThreshold(), 0, 1);
        checkPlacement(pool);
        checkAffinity(pool.affinity());
    }

    private void checkAffinity(AffinityProperties affinity) {
        violations.unless(
                affinity.name().matches("[A-Za-z0-9!#$%&'*+.^_`~-]*"),
                key("affinity.name"),
                affinity.name(),
                "must be a cookie's name: letters, digits and !#$%&'*+-.^_`~");
        violations.unless(
                affinity.path().matches("/[!-~&&[^;,]]*"),
                key("affinity.path"),
                affinity.path(),
                "must begin with / and have no spaces, commas and semicolons");
        boolean seconds = affinity.ttl().toNanosPart() == 0 && !affinity.ttl().isNegative();
        violations.unless(seconds, key("affinity.ttl"), affinity.ttl(), "must be whole seconds, at least 0s");
        violations.unless(
                affinity.sameSite() != AffinityRule.SameSite.NONE || affinity.secure() == AffinityRule.Secure.ALWAYS,
                key("affinity.same-site"),
                affinity.sameSite().name().toLowerCase(Locale.ROOT),
                "needs " + key("affinity.secure") + ": always, or browsers don't take the cookie");
        int length = affinity.secret().length();
        violations.unless(
                length == 0 || length >= SHORTEST_SECRET,
                key("affinity.secret"),
                "…",
                "must be at least " + SHORTEST_SECRET + " characters");
    }

    private void checkPlacement(PoolProperties pool) {
        violations.unless(
                HashKey.parse(pool.hash().key()).isPresent(),
                key("hash.key"),
                pool.hash().key(),
                "must be client, uri, header:NAME, cookie:NAME or query:NAME");
        double factor = pool.hash().balanceFactor();
        violations.unless(
                factor == 0 || (factor >= 1 && factor <= MOST_BALANCE_FACTOR),
                key("hash.balance-factor"),
                factor,
                "must be 1 to " + MOST_BALANCE_FACTOR + ", or 0 for no bound");
        violations.between(key("zone-threshold"), pool.zoneThreshold(), 0, 1);
        violations.between(key("priority-threshold"), pool.priorityThreshold(), 0, 1);
    }

    private String key(String name) {
        return prefix + name;
    }

    private void checkHealth(HealthProperties health) {
        violations.positive(key("health.interval"), health.interval());
        violations.positive(key("health.fast-interval"), health.fastInterval());
        boolean inInterval = health.timeout().compareTo(health.interval()) <= 0 || !isPositive(health.interval());
        violations.unless(
                isPositive(health.timeout()) && inInterval,
                key("health.timeout"),
                health.timeout(),
                "must be above zero and at most " + key("health.interval") + ", " + Violations.text(health.interval()));
        violations.atLeast(key("health.rise"), health.rise(), 1);
        violations.atLeast(key("health.fall"), health.fall(), 1);
        violations.between(key("health.jitter"), health.jitter(), 0, MOST_JITTER);
    }

    private static boolean isPositive(Duration duration) {
        return !duration.isNegative() && !duration.isZero();
    }

    private void checkProbeRequest(HealthProperties health) {
        violations.unless(
                health.path().matches("/[!-~]*"),
                key("health.path"),
                health.path(),
                "must begin with / and have no spaces");
        violations.unless(
                TOKEN.matcher(health.method()).matches(),
                key("health.method"),
                health.method(),
                "must be an HTTP method");
        violations.unless(
                health.service().matches("[A-Za-z0-9._/-]{0,127}"),
                key("health.service"),
                health.service(),
                "must be a gRPC service's name: at most 127 letters, digits and ._/-");
        violations.between(key("health.port"), health.port(), 0, 65535);
        try {
            StatusRanges.parse(health.expect());
        } catch (IllegalArgumentException e) {
            violations.unless(
                    false, key("health.expect"), health.expect(), "must be statuses such as 2xx, 204 or 200-299,404");
        }
    }

    private void checkCircuit(PoolProperties.Circuit circuit) {
        violations.atLeast(key("circuit.failure-threshold"), circuit.failureThreshold(), 1);
        violations.positive(key("circuit.timeout"), circuit.timeout());
        violations.between(key("circuit.max-ejected"), circuit.maxEjected(), 0, 1);
        violations.atLeast(key("circuit.trial-requests"), circuit.trialRequests(), 1);
        violations.atLeast(key("circuit.window"), circuit.window(), 1);
        violations.between(key("circuit.failure-rate"), circuit.failureRate(), 0, 1);
        violations.notNegative(key("circuit.slow-call"), circuit.slowCall());
        violations.unless(
                circuit.slowCall().isZero() || circuit.failureRate() > 0,
                key("circuit.slow-call"),
                circuit.slowCall(),
                "needs " + key("circuit.failure-rate") + ", the share of slow requests that ejects");
        checkErrors("circuit.statuses", circuit.statuses());
    }

    private void checkErrors(String name, Set<Integer> statuses) {
        violations.unless(
                statuses.stream().allMatch(status -> status >= 400 && status <= 599),
                key(name),
                statuses,
                "must be statuses of 400 to 599");
    }

    private void checkRetry(PoolProperties.Retry retry) {
        violations.between(key("retry.attempts"), retry.attempts(), 0, MOST_ATTEMPTS);
        checkErrors("retry.statuses", retry.statuses());
        violations.between(key("retry.budget"), retry.budget(), 0, 1);
        violations.between(key("retry.min-retries"), retry.minRetries(), 0, MOST_RETRIES);
        violations.notNegative(key("retry.backoff"), retry.backoff());
        violations.notNegative(key("retry.hedge-delay"), retry.hedgeDelay());
        violations.unless(
                retry.maxBackoff().compareTo(retry.backoff()) >= 0
                        && retry.maxBackoff().compareTo(MOST_BACKOFF) <= 0,
                key("retry.max-backoff"),
                retry.maxBackoff(),
                "must be at least " + key("retry.backoff") + ", " + Violations.text(retry.backoff()) + ", and at most "
                        + Violations.text(MOST_BACKOFF));
        violations.unless(
                retry.replayLimit().toBytes() >= 0 && retry.replayLimit().compareTo(MOST_REPLAY) <= 0,
                key("retry.replay-limit"),
                retry.replayLimit(),
                "must be 0B to " + MOST_REPLAY.toMegabytes() + "MB");
    }

    private void checkTimeouts(PoolProperties.Timeouts timeouts) {
        violations.positive(key("timeouts.connect"), timeouts.connect());
        violations.positive(key("timeouts.response"), timeouts.response());
        violations.positive(key("timeouts.body-idle"), timeouts.bodyIdle());
        violations.notNegative(key("timeouts.request"), timeouts.request());
        violations.notNegative(key("timeouts.attempt"), timeouts.attempt());
        violations.notNegative(key("timeouts.websocket-idle"), timeouts.websocketIdle());
    }

    /** Requests of many clients share a connection by HTTP/2. */
    private void checkProxyProtocol(PoolProperties pool) {
        boolean shared =
                pool.backends().stream().anyMatch(backend -> backend.url().startsWith("h2c://"));
        violations.unless(
                pool.proxyProtocol() == ProxyProtocol.NONE || !shared,
                key("proxy-protocol"),
                pool.proxyProtocol().name().toLowerCase(Locale.ROOT),
                "needs backends that are http:// or https://: by h2c clients share connections");
    }

    private void checkConcurrency(PoolProperties.Concurrency concurrency) {
        violations.atLeast(key("concurrency.min"), concurrency.min(), 1);
        violations.unless(
                concurrency.max() >= concurrency.min(),
                key("concurrency.max"),
                concurrency.max(),
                "must be at least " + key("concurrency.min") + ", " + concurrency.min());
        violations.unless(
                concurrency.initial() >= concurrency.min() && concurrency.initial() <= concurrency.max(),
                key("concurrency.initial"),
                concurrency.initial(),
                "must be from " + key("concurrency.min") + ", " + concurrency.min() + ", to " + key("concurrency.max")
                        + ", " + concurrency.max());
    }

    private void checkConnections(PoolProperties.Connections connections) {
        violations.atLeast(key("connections.max-per-backend"), connections.maxPerBackend(), 1);
        violations.positive(key("connections.idle"), connections.idle());
        violations.positive(key("connections.max-life"), connections.maxLife());
        violations.atLeast(key("connections.queue"), connections.queue(), 0);
        violations.positive(key("connections.queue-timeout"), connections.queueTimeout());
        violations.between(key("connections.max-streams"), connections.maxStreams(), 1, MOST_STREAMS);
        violations.unless(
                connections.window().toBytes() >= LEAST_WINDOW
                        && connections.window().toBytes() <= MOST_WINDOW,
                key("connections.window"),
                connections.window(),
                "must be 64KB to 16MB");
        violations.notNegative(key("connections.ping"), connections.ping());
    }
}
