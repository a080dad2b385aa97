package io.velo.strategy;

/**
 * How a pool's backends are set against each other by priority and zone.
 *
 * @param zone Velo's own zone, whose backends are preferred; empty for no preference
 * @param zoneThreshold as long as this part of the own zone's weight is eligible it gets all requests; below it its share
 *     shrinks in proportion, 0 to 1; at 0 it gets all as long as anybody in it is eligible
 * @param priorityThreshold the same for a priority against the next one
 */
public record TierRule(String zone, double zoneThreshold, double priorityThreshold) {

    /** No zone; backups serve when nobody else is eligible. */
    public static final TierRule DEFAULT = new TierRule("", 0.7, 0);
}
