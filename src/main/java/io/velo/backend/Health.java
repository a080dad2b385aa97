package io.velo.backend;

/**
 * What probes found. Immutable; {@link #after} gives the next value.
 *
 * @param healthy the finding in force
 * @param probed whether any probe has answered; until then the backend counts as healthy
 * @param streak consecutive results that contradict {@code healthy}; an agreeing one resets it
 */
public record Health(boolean healthy, boolean probed, int streak) {

    /** No probe has answered yet. */
    public static final Health UNKNOWN = new Health(true, false, 0);
    /** Probing is off: healthy for good. */
    public static final Health ASSUMED = new Health(true, true, 0);

    /** The finding after one more probe. The first probe decides alone, later ones by {@code thresholds}. */
    public Health after(boolean passed, Thresholds thresholds) {
        if (!probed) {
            return new Health(passed, true, 0);
        }
        if (passed == healthy) {
            return streak == 0 ? this : new Health(healthy, true, 0);
        }
        int against = streak + 1;
        return against < thresholds.forFlipTo(passed)
                ? new Health(healthy, true, against)
                : new Health(passed, true, 0);
    }

    /**
     * How many results in a row change the finding.
     *
     * @param rise passes that make an unhealthy backend healthy, at least 1
     * @param fall misses that make a healthy backend unhealthy, at least 1
     */
    public record Thresholds(int rise, int fall) {
        public Thresholds {
            if (rise < 1 || fall < 1) {
                throw new IllegalArgumentException("rise " + rise + " and fall " + fall + " must be at least 1");
            }
        }

        int forFlipTo(boolean healthy) {
            return healthy ? rise : fall;
        }
    }
}
