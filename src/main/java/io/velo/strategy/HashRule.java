package io.velo.strategy;

/**
 * How the strategy {@code hash} places requests.
 *
 * @param key what of a request it goes by
 * @param balanceFactor how many times its share of the requests in flight a backend may have, at least 1; 0 for no bound
 */
public record HashRule(HashKey key, double balanceFactor) {

    /** By the client's address, each backend at most a quarter above its share. */
    public static final HashRule DEFAULT = new HashRule(HashKey.CLIENT, 1.25);

    public HashRule {
        if (!(balanceFactor == 0 || balanceFactor >= 1)) {
            throw new IllegalArgumentException("balance factor is " + balanceFactor + ", not 0 or at least 1");
        }
    }
}
