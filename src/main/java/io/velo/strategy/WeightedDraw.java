package io.velo.strategy;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/**
 * Draws places at random, each as often as its weight says: Walker's alias method, reckoned in whole numbers, so exactly.
 * A draw is O(1), making one O(n).
 */
final class WeightedDraw {

    /** Redraws after which a heavy place that comes up again and again is stepped over. */
    private static final int REDRAWS = 8;

    private final IntUnaryOperator randomBelow;
    private final int total;
    private final boolean even;
    private final int[] keep; // of each column's `total` parts so many are its own
    private final int[] alias; // and the rest this one's

    WeightedDraw(IntUnaryOperator randomBelow, int... weights) {
        this.randomBelow = randomBelow;
        this.total = Math.toIntExact(Arrays.stream(weights).asLongStream().sum());
        this.even = Arrays.stream(weights).allMatch(weight -> weight == weights[0]);
        this.keep = new int[weights.length];
        this.alias = new int[weights.length];
        fill(weights);
    }

    /** Each column of `total` parts is filled by what is left of one poor place and by a rich one, which pays for it. */
    private void fill(int... weights) {
        int n = weights.length;
        long[] left =
                Arrays.stream(weights).mapToLong(weight -> (long) weight * n).toArray();
        int[] poor = new int[n];
        int[] rich = new int[n];
        int poors = 0;
        int riches = 0;
        for (int i = 0; i < n; i++) {
            if (left[i] < total) {
                poor[poors++] = i;
            } else {
                rich[riches++] = i;
            }
        }
        while (poors > 0) {
            int small = poor[--poors];
            int large = rich[riches - 1];
            keep[small] = (int) left[small];
            alias[small] = large;
            left[large] -= total - left[small];
            if (left[large] < total) {
                riches--;
                poor[poors++] = large;
            }
        }
        for (int i = 0; i < riches; i++) {
            keep[rich[i]] = total;
        }
    }

    /** A place. */
    int draw() {
        int column = randomBelow.applyAsInt(keep.length);
        return even || randomBelow.applyAsInt(total) < keep[column] ? column : alias[column];
    }

    /** Another place than this one; there must be two. */
    int drawOther(int first) {
        for (int i = 0; i < REDRAWS && !even; i++) {
            int other = draw();
            if (other != first) {
                return other;
            }
        }
        int other = randomBelow.applyAsInt(keep.length - 1);
        return other < first ? other : other + 1; // steps over the hole that `first` left, so all are equally likely
    }
}
