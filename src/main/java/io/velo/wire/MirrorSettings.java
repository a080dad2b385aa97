package io.velo.wire;

/**
 * What the configuration says of a pool's mirror: which of its requests are sent to another pool as well. Immutable.
 *
 * @param pool name of the pool that gets the copies
 * @param percent share of the requests that are copied, 0 to 100 in steps of a hundredth
 * @param maxInFlight most copies at once, from the head of the request to the end of the copy's answer
 * @param bodyLimit longest body that is copied, in bytes
 */
public record MirrorSettings(String pool, double percent, int maxInFlight, int bodyLimit) {}
