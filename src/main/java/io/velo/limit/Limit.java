package io.velo.limit;

import io.velo.strategy.RequestView;
import java.util.Optional;

/** A limit in force and what it has counted so far, which outlives changes of its numbers. */
final class Limit {

    private final LimitRule rule;
    private final String policy;
    private final Buckets buckets;
    private final InFlightByKey inFlight;

    private Limit(LimitRule rule, Buckets buckets, InFlightByKey inFlight) {
        this.rule = rule;
        this.policy = rule.policy();
        this.buckets = buckets;
        this.inFlight = inFlight;
    }

    static Limit of(LimitRule rule, int mostKeys) {
        return new Limit(rule, new Buckets(mostKeys), new InFlightByKey());
    }

    /** The same limit with other numbers, or another one, which has counted nothing yet. */
    Limit become(LimitRule next, int mostKeys) {
        return next.key().equals(rule.key()) ? new Limit(next, buckets, inFlight) : of(next, mostKeys);
    }

    String name() {
        return rule.name();
    }

    boolean concerns(String route) {
        return rule.routes().isEmpty() || rule.routes().contains(route);
    }

    LimitRule rule() {
        return rule;
    }

    String policy() {
        return policy;
    }

    String keyOf(RequestView request) {
        return rule.key().of(request);
    }

    Optional<Draw> draw(String key) {
        return rule.rate().map(rate -> new Draw(rule.name() + ":" + key, rate));
    }

    /** Lets a request in, if it may: what it has to do when it is over; empty if there are too many. */
    Optional<Runnable> tryEnter(String key) {
        if (rule.concurrency() == 0) {
            return Optional.of(Limit::nothing);
        }
        return inFlight.tryEnter(key, rule.concurrency()) ? Optional.of(() -> inFlight.leave(key)) : Optional.empty();
    }

    private static void nothing() {
        // nobody counts
    }

    Taken take(String key, Rate rate, long nowNanos) {
        return buckets.take(key, rate, nowNanos);
    }

    void giveBack(String key, Rate rate) {
        buckets.giveBack(key, rate);
    }

    /** How many keys are remembered. */
    int keys() {
        return buckets.size();
    }

    int keysInFlight() {
        return inFlight.size();
    }
}
