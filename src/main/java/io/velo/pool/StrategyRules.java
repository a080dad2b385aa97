package io.velo.pool;

import io.velo.strategy.HashRule;
import io.velo.strategy.TierRule;

/**
 * What a pool's strategy is told besides its name.
 *
 * @param hash for the strategy {@code hash}
 * @param tiers how priorities and zones are set against each other, around any strategy
 */
public record StrategyRules(HashRule hash, TierRule tiers) {

    /** Nothing special. */
    public static final StrategyRules DEFAULT = new StrategyRules(HashRule.DEFAULT, TierRule.DEFAULT);
}
