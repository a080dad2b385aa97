package io.velo.concurrency;

/**
 * How the number of requests that a backend may have at once is found.
 *
 * @param gradient whether it is learnt; otherwise there is none but the one that is configured
 * @param initial where learning begins
 * @param min the smallest it comes to
 * @param max the largest
 */
public record ConcurrencySettings(boolean gradient, int initial, int min, int max) {}
