package io.velo.backend;

/** Something that counts how requests to one backend end. */
@FunctionalInterface
public interface Counted {

    /** What it has counted so far; the numbers may be of slightly different moments. Thread-safe. */
    Figures figures();

    /**
     * What a breaker goes by.
     *
     * @param failuresInARow failures since the last success
     * @param threshold as many in a row eject; 0 for never
     * @param requests how many of the latest requests it remembers
     * @param failed how many of these failed
     * @param slow how many of these were slow
     */
    record Figures(int failuresInARow, int threshold, int requests, int failed, int slow) {

        /** Of one that counts nothing. */
        public static final Figures NONE = new Figures(0, 0, 0, 0, 0);
    }
}
