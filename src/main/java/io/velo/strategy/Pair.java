package io.velo.strategy;

import io.velo.backend.Backend;
import java.util.List;
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
    private final Load load;

    Pair(IntUnaryOperator randomBelow, List<Candidate> candidates, Load load) {
        this.randomBelow = randomBelow;
        this.backends = candidates.stream().map(Candidate::backend).toArray(Backend[]::new);
        this.draws = new WeightedDraw(
                randomBelow, candidates.stream().mapToInt(Candidate::weight).toArray());
        this.load = load;
    }

    @Override
    public boolean offer(RequestView request, Predicate<Backend> taker) {
        if (backends.length == 1) {
            return taker.test(backends[0]);
        }
        int first = draws.draw();
        int second = draws.drawOther(first);
        boolean swap = load.of(backends[second], second) < load.of(backends[first], first);
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

    /** How loaded a candidate is; among equals the one drawn first goes first. */
    @FunctionalInterface
    interface Load {

        /** All are equal, so that the draw alone decides. */
        Load EQUAL = (backend, place) -> 0;

        /** The load of the candidate at that place, 0 or more. */
        double of(Backend backend, int place);
    }
}
