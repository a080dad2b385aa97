package io.velo.config;

import io.velo.limit.LimitKey;
import io.velo.limit.LimitRule;
import io.velo.limit.Rate;
import io.velo.redis.RedisSettings;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Turns what was found right of the limits into what the packages that own them take. */
final class LimitSettings {

    private LimitSettings() {}

    static List<LimitRule> rules(RateLimitProperties limits) {
        return limits.rules().stream().map(LimitSettings::rule).toList();
    }

    private static LimitRule rule(RateLimitProperties.Rule rule) {
        return new LimitRule(
                rule.name(),
                Set.copyOf(rule.routes()),
                LimitKey.parse(rule.key()).orElseThrow(),
                rate(rule),
                rule.concurrency());
    }

    private static Optional<Rate> rate(RateLimitProperties.Rule rule) {
        int burst = rule.burst() == 0 ? rule.requests() : rule.burst();
        return rule.requests() == 0 ? Optional.empty() : Optional.of(new Rate(rule.requests(), rule.period(), burst));
    }

    static RedisSettings redis(RateLimitProperties.Redis redis) {
        return new RedisSettings(redis.url(), redis.username(), redis.password(), redis.prefix(), redis.timeout());
    }
}
