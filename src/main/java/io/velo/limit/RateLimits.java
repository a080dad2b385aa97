package io.velo.limit;

import io.velo.strategy.RequestView;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The limits in force: decides for both lanes which requests may pass. Readers see one immutable table, a reload swaps it and
 * keeps what was counted. Safe for any thread.
 */
public final class RateLimits {

    private final LongSupplier nanos;
    private final LimitListener listener;
    private final @Nullable SharedBuckets shared;
    private volatile Table table = Table.EMPTY;

    /**
     * @param shared where several instances count together; empty for each by itself
     */
    public RateLimits(LongSupplier nanos, LimitListener listener, Optional<SharedBuckets> shared) {
        this.nanos = nanos;
        this.listener = listener;
        this.shared = shared.orElse(null);
    }

    /**
     * Puts other limits in force. What a limit of the same name and key has counted stays.
     *
     * @param mostKeys how many keys each new limit remembers
     */
    public void swap(List<LimitRule> rules, int mostKeys, OutagePolicy outage) {
        Map<String, Limit> known = table.limits.stream().collect(Collectors.toMap(Limit::name, each -> each));
        List<Limit> next = rules.stream()
                .map(rule -> known.containsKey(rule.name())
                        ? known.get(rule.name()).become(rule, mostKeys)
                        : Limit.of(rule, mostKeys))
                .toList();
        table = Table.of(next, outage);
    }

    /** Whether requests of a route come under any limit. Costs one look-up, and nothing if there are no limits at all. */
    public boolean concern(String route) {
        Table now = table;
        return !now.limits.isEmpty() && !now.of(route).isEmpty();
    }

    /** How many keys each limit remembers, by its name. */
    public Map<String, Integer> keys() {
        return table.limits.stream().collect(Collectors.toMap(Limit::name, Limit::keys));
    }

    /** How many keys have requests in flight, under limits of their number. */
    public int keysInFlight() {
        return table.limits.stream().mapToInt(Limit::keysInFlight).sum();
    }

    /**
     * Decides on a request.
     *
     * @param request is looked at only before this returns
     * @param then told once; before this returns unless others have to be asked, otherwise perhaps on another thread
     */
    public void decide(String route, RequestView request, Consumer<Admission> then) {
        Table now = table;
        List<Limit> limits = now.of(route);
        if (limits.isEmpty()) {
            then.accept(Admission.FREE);
            return;
        }
        Optional<Asked> asked = Asked.enter(limits, request, listener);
        if (asked.isEmpty()) {
            then.accept(Admission.denied("", "", 1));
        } else {
            draw(asked.get(), now.outage, then);
        }
    }

    private void draw(Asked asked, OutagePolicy outage, Consumer<Admission> then) {
        if (asked.draws().isEmpty()) {
            then.accept(asked.pass());
        } else if (shared == null) {
            then.accept(here(asked));
        } else {
            shared.take(
                    asked.draws(), taken -> then.accept(taken.map(asked::judge).orElseGet(() -> alone(asked, outage))));
        }
    }

    private Admission here(Asked asked) {
        return asked.judge(asked.takeHere(nanos.getAsLong()));
    }

    private Admission alone(Asked asked, OutagePolicy outage) {
        return switch (outage) {
            case ALLOW -> asked.pass();
            case DENY -> asked.refuse();
            case LOCAL -> here(asked);
        };
    }

    /**
     * What is in force.
     *
     * @param forAll those that every route comes under
     * @param byRoute for routes that are named, all that they come under
     */
    private record Table(
            List<Limit> limits, List<Limit> forAll, Map<String, List<Limit>> byRoute, OutagePolicy outage) {

        static final Table EMPTY = new Table(List.of(), List.of(), Map.of(), OutagePolicy.LOCAL);

        static Table of(List<Limit> limits, OutagePolicy outage) {
            Map<String, List<Limit>> byRoute = new HashMap<>();
            limits.stream()
                    .flatMap(limit -> limit.rule().routes().stream())
                    .forEach(route -> byRoute.put(
                            route,
                            limits.stream()
                                    .filter(limit -> limit.concerns(route))
                                    .toList()));
            Stream<Limit> forAll =
                    limits.stream().filter(limit -> limit.rule().routes().isEmpty());
            return new Table(limits, forAll.toList(), Map.copyOf(byRoute), outage);
        }

        List<Limit> of(String route) {
            return byRoute.getOrDefault(route, forAll);
        }
    }
}
