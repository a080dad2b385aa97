package io.velo.config;

import io.velo.limit.LimitKey;
import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/** What must hold of the limits on clients' requests. */
final class LimitRules {

    private static final int MOST_KEYS = 10_000_000;
    private static final Duration LONGEST_PERIOD = Duration.ofDays(1);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);
    private static final int MOST_REQUESTS_IN_MILLI = 1000;

    private final Violations violations;

    LimitRules(Violations violations) {
        this.violations = violations;
    }

    void check(RateLimitProperties limits) {
        violations.between("lb.rate-limit.max-keys", limits.maxKeys(), 1, MOST_KEYS);
        checkRedis(limits.redis());
        Set<String> names = new HashSet<>();
        for (int i = 0; i < limits.rules().size(); i++) {
            RateLimitProperties.Rule rule = limits.rules().get(i);
            String at = "lb.rate-limit.rules[" + i + "]";
            violations.unless(
                    rule.name().matches("[a-z][a-z0-9-]{0,62}"),
                    at + ".name",
                    rule.name(),
                    "must be lower-case letters, digits and dashes, beginning with a letter");
            violations.unless(names.add(rule.name()), at + ".name", rule.name(), "another limit has this name");
            checkRule(at, rule);
        }
    }

    private void checkRule(String at, RateLimitProperties.Rule rule) {
        violations.unless(
                LimitKey.parse(rule.key()).isPresent(),
                at + ".key",
                rule.key(),
                "must be route, address, path, principal, api-key or header:NAME, or several of these with + between");
        violations.atLeast(at + ".concurrency", rule.concurrency(), 0);
        violations.atLeast(at + ".burst", rule.burst(), 0);
        violations.unless(
                rule.requests() > 0 || (rule.requests() == 0 && rule.concurrency() > 0),
                at + ".requests",
                rule.requests(),
                "must be at least 1, or 0 if there is " + at + ".concurrency");
        long millis = rule.period().toMillis();
        violations.unless(
                millis >= 1 && rule.period().compareTo(LONGEST_PERIOD) <= 0,
                at + ".period",
                rule.period(),
                "must be 1ms to 24h");
        violations.unless(
                millis < 1 || rule.requests() <= millis * MOST_REQUESTS_IN_MILLI,
                at + ".requests",
                rule.requests(),
                "must be at most " + MOST_REQUESTS_IN_MILLI + " for each millisecond of " + at + ".period");
    }

    private void checkRedis(RateLimitProperties.Redis redis) {
        violations.unless(
                isRedis(redis.url()),
                "lb.rate-limit.redis.url",
                redis.url().replaceAll("//[^/]*@", "//…@"),
                "must be such as redis://host:6379 or rediss://host:6379/0, without user and password");
        violations.unless(
                redis.timeout().toMillis() >= 1 && redis.timeout().compareTo(LONGEST_WAIT) <= 0,
                "lb.rate-limit.redis.timeout",
                redis.timeout(),
                "must be 1ms to 1s");
    }

    private static boolean isRedis(String url) {
        try {
            URI uri = URI.create(url);
            return ("redis".equals(uri.getScheme()) || "rediss".equals(uri.getScheme()))
                    && uri.getHost() != null
                    && uri.getUserInfo() == null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
