package io.velo.pool;

import java.time.Duration;

/**
 * What the configuration says of a pool's canary: which share of its clients goes to another pool. Immutable.
 *
 * @param pool name of the pool that gets the share
 * @param percent the share, 0 to 100 in steps of a hundredth
 * @param key by what clients are known
 * @param guard when it is over
 */
public record CanaryPlan(String pool, double percent, CanaryKey key, Guard guard) {

    /**
     * When a canary does so much worse than the pool itself that it is over.
     *
     * @param maxErrorRatio how many times the pool's own share of errors the canary's may be; 0 for no guard
     * @param minRequests as long as the canary has had fewer in the window, nothing is made of them
     * @param window how far back is looked
     */
    public record Guard(double maxErrorRatio, int minRequests, Duration window) {}
}
