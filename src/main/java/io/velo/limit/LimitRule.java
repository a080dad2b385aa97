package io.velo.limit;

import java.util.Optional;
import java.util.Set;

/**
 * A limit on the requests of each client, or of all.
 *
 * @param name of the limit
 * @param routes ids of the routes that it is for; empty for all
 * @param key whose requests are counted together
 * @param rate how fast they may come; empty for any speed
 * @param concurrency how many may be in flight at once in this process; 0 for any number
 */
public record LimitRule(String name, Set<String> routes, LimitKey key, Optional<Rate> rate, int concurrency) {

    public LimitRule {
        routes = Set.copyOf(routes);
    }

    /** What {@code RateLimit-Policy} says of it; empty if it is about concurrency alone. */
    String policy() {
        return rate.map(each -> "\"" + name + "\";q=" + each.requests() + window(each))
                .orElse("");
    }

    private static String window(Rate rate) {
        long seconds = rate.period().toSeconds();
        return seconds < 1 ? "" : ";w=" + seconds;
    }
}
