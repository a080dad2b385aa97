package io.velo.strategy;

import io.velo.backend.Backend;
import java.util.function.IntUnaryOperator;
import java.util.function.Predicate;

/**
 * Draws two different candidates by weight and offers the better one first, then the other, then the rest in random order.
 * O(1) unless both refuse; allocates nothing.
 */
final class Pair implements Picker {

    private final IntUnaryOperator randomBelow;
    private final Backend[] backends;
    private final WeightedDraw draws;
    private final Order order;

    Pair(IntUnaryOperator randomBelow, Loads loads, Order order) {
        this.randomBelow = randomBelow;
        this.backends = loads.backends();
        this.draws = new WeightedDraw(randomBelow, loads.weights());
        this.order = order;
    }

    @Override
    public boolean offer(RequestView request, Predicate<Backend> taker) {
        if (backends.length == 1) {
            return taker.test(backends[0]);
        }
        int first = draws.draw();
        int second = draws.drawOther(first);
        boolean swap = order.isBetter(second, first);
        int better = swap ? second : first;
        int other = swap ? first : second;
        return taker.test(backends[better]) || taker.test(backends[other]) || offerRest(first, second, taker);
    }

    /** By steps of a random length that meets every place once. */
    private boolean offerRest(int first, int second, Predicate<Backend> taker) {
        int n = backends.length;
        if (n == 2) {
            return false;
        }
        int step = 1 + randomBelow.applyAsInt(n - 1);
        while (commonDivisor(step, n) > 1) {
            step = step % (n - 1) + 1;
        }
        long place = randomBelow.applyAsInt(n);
        for (int i = 0; i < n; i++) {
            place = (place + step) % n;
            if (place != first && place != second && taker.test(backends[(int) place])) {
                return true;
            }
        }
        return false;
    }

    private static int commonDivisor(int one, int other) {
        return other == 0 ? one : commonDivisor(other, one % other);
    }

    /** Which of two candidates goes first. */
    @FunctionalInterface
    interface Order {

        /** The one drawn first. */
        Order DRAWN = (one, other) -> false;

        /** Whether the candidate at one place is better than that at another, and not just as good. */
        boolean isBetter(int one, int other);
    }
}
