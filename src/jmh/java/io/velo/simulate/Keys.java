package io.velo.simulate;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Draws one of ten thousand clients, the n-th of them as often as 1 ÷ n^exponent says (Zipf). */
final class Keys {

    private static final int COUNT = 10_000;

    private final double[] ends = new double[COUNT];
    private final Asked[] requests = new Asked[COUNT];
    private final SplittableRandom random;

    Keys(SplittableRandom random, double exponent) {
        this.random = random;
        double sum = 0;
        for (int i = 0; i < COUNT; i++) {
            sum += Math.pow(i + 1, -exponent);
            ends[i] = sum;
            requests[i] = new Asked("10.0." + i / 256 + "." + i % 256);
        }
    }

    Asked draw() {
        int place = Arrays.binarySearch(ends, random.nextDouble() * ends[COUNT - 1]);
        return requests[Math.min(COUNT - 1, place < 0 ? -place - 1 : place)];
    }
}
