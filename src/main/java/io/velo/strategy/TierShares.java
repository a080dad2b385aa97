package io.velo.strategy;

import io.velo.backend.BackendSpec;
import io.velo.strategy.Tiers.Tier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Which part of the requests each tier gets. A group, a priority or the near ones in it, is enough for all requests as long as
 * the eligible part of its weight reaches the threshold: 0.7 means that with 7 of 10 backends it still takes everything. Below
 * that it takes eligible part ÷ threshold, and the rest goes on to the next priority, or to the far ones. If all priorities
 * together aren't enough, all requests are spread over them in the same proportion. This is Envoy's rule for priority levels,
 * whose overprovisioning factor of 1.4 is a threshold of 0.71.
 */
final class TierShares {

    /** All requests. */
    static final int WHOLE = 1 << 16;

    private final TierRule rule;
    private final Map<Tier, List<Candidate>> candidates = new TreeMap<>();
    private final Map<Tier, Long> eligible = new HashMap<>();
    private final Map<Tier, Long> whole = new HashMap<>();

    private TierShares(TierRule rule) {
        this.rule = rule;
    }

    static TierShares of(TierRule rule, List<Candidate> candidates, List<BackendSpec> members) {
        TierShares shares = new TierShares(rule);
        candidates.forEach(shares::add);
        members.forEach(each -> shares.whole.merge(Tier.of(each, rule), (long) each.weight(), Long::sum));
        return shares;
    }

    private void add(Candidate candidate) {
        Tier tier = Tier.of(candidate.backend().spec(), rule);
        candidates.computeIfAbsent(tier, unknown -> new ArrayList<>()).add(candidate);
        boolean counts = candidate.backend().state().eligible(); // in panic others are candidates, too
        eligible.merge(tier, counts ? candidate.backend().spec().weight() : 0L, Long::sum);
    }

    /** Those that have candidates, the best first. */
    List<Tier> tiers() {
        return List.copyOf(candidates.keySet());
    }

    List<Candidate> candidates(Tier tier) {
        return Objects.requireNonNull(candidates.get(tier));
    }

    /** Where the part of each tier ends, of {@link #WHOLE}; the last ones end there. */
    int[] ends() {
        List<Tier> tiers = tiers();
        double[] shares = new double[tiers.size()];
        double left = 1;
        for (int i = 0; i < shares.length; ) {
            int priority = tiers.get(i).priority();
            double part = Math.min(left, sufficiency(priority));
            left -= part;
            boolean both = i + 1 < shares.length && tiers.get(i + 1).priority() == priority;
            shares[i] = both ? part * sufficiency(tiers.get(i)) : part;
            if (both) {
                shares[i + 1] = part - shares[i];
            }
            i += both ? 2 : 1;
        }
        return ends(shares);
    }

    private static int[] ends(double... shares) {
        double sum = Arrays.stream(shares).sum();
        int[] ends = new int[shares.length];
        double end = 0;
        for (int i = 0; i < ends.length; i++) {
            end += shares[i];
            ends[i] = sum == 0 ? WHOLE : (int) Math.round(WHOLE * end / sum);
        }
        return ends;
    }

    private double sufficiency(int priority) {
        return sufficiency(
                sum(eligible, priority, true) + sum(eligible, priority, false),
                sum(whole, priority, true) + sum(whole, priority, false),
                rule.priorityThreshold());
    }

    private double sufficiency(Tier near) {
        return sufficiency(
                sum(eligible, near.priority(), near.near()),
                sum(whole, near.priority(), near.near()),
                rule.zoneThreshold());
    }

    private static long sum(Map<Tier, Long> weights, int priority, boolean near) {
        return weights.getOrDefault(new Tier(priority, near), 0L);
    }

    private static double sufficiency(long eligible, long whole, double threshold) {
        if (eligible == 0) {
            return 0;
        }
        return threshold == 0 ? 1 : Math.min(1, eligible / (double) Math.max(whole, eligible) / threshold);
    }
}
