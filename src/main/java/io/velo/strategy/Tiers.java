package io.velo.strategy;

import io.velo.backend.Backend;
import io.velo.backend.BackendSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Puts backends of a better priority before others, and those of Velo's own zone before those of other zones, around any
 * strategy. Each tier, that is the near or the far backends of one priority, has a strategy of its own. Who gets how much is
 * worked out when the candidates change, see {@link TierShares}; a request is told to a tier by lot, and if all in it refuse it
 * goes to the other tiers in order. If there is but one tier, as usual, its picker stands alone and nothing is added to a pick.
 */
public final class Tiers implements Strategy {

    private final Supplier<Strategy> each;
    private final TierRule rule;
    private final IntUnaryOperator randomBelow;
    private final Map<Tier, Strategy> strategies = new HashMap<>();

    /**
     * @param each makes the strategy of a tier
     * @param randomBelow gives a random number from 0 to its argument, exclusive
     */
    public Tiers(Supplier<Strategy> each, TierRule rule, IntUnaryOperator randomBelow) {
        this.each = each;
        this.rule = rule;
        this.randomBelow = randomBelow;
    }

    @Override
    public Picker pickerFor(List<Candidate> candidates) {
        return pickerFor(
                candidates, candidates.stream().map(one -> one.backend().spec()).toList());
    }

    @Override
    public Picker pickerFor(List<Candidate> candidates, List<BackendSpec> members) {
        TierShares shares = TierShares.of(rule, candidates, members);
        List<Tier> tiers = shares.tiers();
        if (tiers.size() == 1) {
            return strategyOf(tiers.get(0)).pickerFor(candidates);
        }
        List<Picker> pickers = new ArrayList<>();
        for (Tier tier : tiers) {
            pickers.add(strategyOf(tier).pickerFor(shares.candidates(tier)));
        }
        int[] ends = shares.ends();
        Strategy first = strategyOf(tiers.get(0));
        return new Choice(
                pickers.toArray(Picker[]::new), ends, request -> first.lot(request, TierShares.WHOLE, randomBelow));
    }

    private Strategy strategyOf(Tier tier) {
        return strategies.computeIfAbsent(tier, unknown -> each.get());
    }

    /**
     * Backends of one priority that stand in Velo's zone, or of which none does.
     *
     * @param priority 0 is the best
     */
    record Tier(int priority, boolean near) implements Comparable<Tier> {

        static Tier of(BackendSpec backend, TierRule rule) {
            return new Tier(
                    backend.priority(), rule.zone().isEmpty() || backend.zone().equals(rule.zone()));
        }

        @Override
        public int compareTo(Tier other) {
            int byPriority = Integer.compare(priority, other.priority);
            return byPriority == 0 ? Boolean.compare(other.near, near) : byPriority;
        }
    }

    /** What a request's lot is drawn by. */
    private interface Lots {
        int draw(RequestView request);
    }

    private static final class Choice implements Picker {

        private final Picker[] pickers;
        private final int[] ends;
        private final Lots lots;
        private final int only;

        /**
         * @param ends where the lots of each tier end
         */
        Choice(Picker[] pickers, int[] ends, Lots lots) {
            this.pickers = pickers;
            this.ends = ends;
            this.lots = lots;
            this.only = tierOf(0) == tierOf(TierShares.WHOLE - 1) ? tierOf(0) : -1;
        }

        @Override
        public boolean offer(RequestView request, Predicate<Backend> taker) {
            int chosen = only >= 0 ? only : tierOf(lots.draw(request));
            if (pickers[chosen].offer(request, taker)) {
                return true;
            }
            for (int tier = 0; tier < pickers.length; tier++) {
                if (tier != chosen && pickers[tier].offer(request, taker)) {
                    return true;
                }
            }
            return false;
        }

        private int tierOf(int lot) {
            int tier = 0;
            while (lot >= ends[tier]) {
                tier++;
            }
            return tier;
        }
    }
}
