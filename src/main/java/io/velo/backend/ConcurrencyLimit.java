package io.velo.backend;

/**
 * How many requests one backend may have at once, as far as that isn't configured but found out. Implementations are thread-safe
 * and never block.
 */
public interface ConcurrencyLimit {

    /** As many as there are. */
    ConcurrencyLimit NONE = new ConcurrencyLimit() {
        @Override
        public int limit() {
            return Integer.MAX_VALUE;
        }

        @Override
        public void ended(int inFlight, Outcome outcome) {}

        @Override
        public void refresh() {}
    };

    /** The number now, at least 1; {@link Integer#MAX_VALUE} for no limit. */
    int limit();

    /**
     * Learns from a request.
     *
     * @param inFlight how many there were when it ended, itself included
     */
    void ended(int inFlight, Outcome outcome);

    /** Takes on the settings in force, if they are others now; then what was learnt is forgotten. */
    void refresh();

    /** Makes the limits of a pool's backends. */
    @FunctionalInterface
    interface Factory {

        /** One for another backend of this pool. */
        ConcurrencyLimit create(String pool);
    }
}
