package io.velo.limit;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Token buckets by key, in the memory of this process. When there are too many, those that nobody has asked for longest are
 * forgotten, which fills them: a flood of new keys never frees one that goes on asking. About 150 bytes for each key. O(1),
 * under a lock that is one of many.
 */
final class Buckets {

    private static final int STRIPES = 64;

    private final Stripe[] stripes = new Stripe[STRIPES];

    /**
     * @param mostKeys about how many keys are remembered, at least 1
     */
    Buckets(int mostKeys) {
        int each = Math.max(1, (mostKeys + STRIPES - 1) / STRIPES);
        for (int i = 0; i < STRIPES; i++) {
            stripes[i] = new Stripe(each);
        }
    }

    /** Takes a token, if there is one. */
    Taken take(String key, Rate rate, long nowNanos) {
        Stripe stripe = stripeOf(key);
        synchronized (stripe) {
            long[] bucket = stripe.computeIfAbsent(key, unknown -> new long[] {nowNanos});
            long untilFull = Math.max(0, bucket[0] - nowNanos);
            boolean granted = untilFull + rate.intervalNanos() <= rate.fillNanos();
            if (granted) {
                untilFull += rate.intervalNanos();
                bucket[0] = nowNanos + untilFull;
            }
            return Taken.of(granted, untilFull, rate);
        }
    }

    /** Puts a token back. */
    void giveBack(String key, Rate rate) {
        Stripe stripe = stripeOf(key);
        synchronized (stripe) {
            long[] bucket = stripe.get(key);
            if (bucket != null) {
                bucket[0] -= rate.intervalNanos();
            }
        }
    }

    /** How many keys are remembered. */
    int size() {
        int size = 0;
        for (Stripe stripe : stripes) {
            synchronized (stripe) {
                size += stripe.size();
            }
        }
        return size;
    }

    private Stripe stripeOf(String key) {
        int hash = key.hashCode() * 0x9E3779B9; // high bits that depend on all others
        return stripes[(hash >>> 26) & (STRIPES - 1)];
    }

    /** By key the time at which the bucket is full. */
    private static final class Stripe extends LinkedHashMap<String, long[]> {

        private static final long serialVersionUID = 1L;

        private final int most;

        Stripe(int most) {
            super(16, 0.75f, true);
            this.most = most;
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, long[]> eldest) {
            return size() > most;
        }
    }
}
