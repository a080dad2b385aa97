package io.velo.strategy;

import io.velo.backend.Backend;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntUnaryOperator;
import java.util.function.Predicate;

/**
 * Each candidate in turn: a b c a b c. Unequal weights are spread smoothly, as nginx does it: 5, 1, 1 gives a a b a c a a.
 * The turn is worked out once for a set of candidates, see {@link SmoothCycle}, so a pick is O(1) and takes no lock. When
 * the candidates change, the next pick is the one after the last; the very first place is random, so that several
 * instances don't walk in step.
 */
final class RoundRobin implements Strategy {

    private final IntUnaryOperator randomBelow;
    private volatile Ring current = Ring.EMPTY;

    RoundRobin(IntUnaryOperator randomBelow) {
        this.randomBelow = randomBelow;
    }

    @Override
    public Picker pickerFor(List<Candidate> candidates) {
        Backend[] each = candidates.stream().map(Candidate::backend).toArray(Backend[]::new);
        Backend[] cycle = SmoothCycle.of(candidates);
        Ring before = current;
        int start = before.cycle.length == 0 ? randomBelow.applyAsInt(cycle.length) : before.placeIn(cycle);
        current = new Ring(each, cycle, start);
        return current;
    }

    /** The candidates, one cycle of turns, and the place in it. The cursor may run over: one pick in 2^32 is out of turn. */
    private static final class Ring implements Picker {

        private static final Ring EMPTY = new Ring(new Backend[0], new Backend[0], 0);

        private final Backend[] each;
        private final Backend[] cycle;
        private final AtomicInteger cursor;

        Ring(Backend[] each, Backend[] cycle, int start) {
            this.each = each;
            this.cycle = cycle;
            this.cursor = new AtomicInteger(start);
        }

        @Override
        public boolean offer(RequestView request, Predicate<Backend> taker) {
            Backend due = at(cursor.getAndIncrement());
            return taker.test(due) || offerOthers(due, taker);
        }

        /** The rare case that the one whose turn it is refuses: the others in the order of the configuration. */
        private boolean offerOthers(Backend refused, Predicate<Backend> taker) {
            int place = indexFrom(each, refused, 0);
            for (int step = 1; step < each.length; step++) {
                cursor.getAndIncrement(); // who is passed over has had its turn; the next one doesn't get two
                if (taker.test(each[(place + step) % each.length])) {
                    return true;
                }
            }
            return false;
        }

        private Backend at(int place) {
            return cycle[Math.floorMod(place, cycle.length)];
        }

        /** Where to go on in {@code next}: after the backend that was picked last, or else before the next one due. */
        int placeIn(Backend[] next) {
            int due = cursor.get();
            int sameShare = (int) ((long) Math.floorMod(due, cycle.length) * next.length / cycle.length);
            int last = indexFrom(next, at(due - 1), sameShare - 1);
            if (last >= 0) {
                return last + 1;
            }
            for (int step = 0; step < cycle.length; step++) {
                int place = indexFrom(next, at(due + step), sameShare);
                if (place >= 0) {
                    return place;
                }
            }
            return 0;
        }

        private static int indexFrom(Backend[] cycle, Backend wanted, int from) {
            for (int step = 0; step < cycle.length; step++) {
                int place = Math.floorMod(from + step, cycle.length);
                if (cycle[place] == wanted) {
                    return place;
                }
            }
            return -1;
        }
    }
}
