package io.velo.strategy;

import io.velo.backend.Backend;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.function.Predicate;

/**
 * The candidate with the fewest requests in flight per weight; round robin among equals. Up to {@link #EXACT_UP_TO} candidates
 * a pick looks at each of them once at worst and stops at the first idle one. The loads are read one after another, without a
 * lock: a pick may rest on figures that are some nanoseconds old.
 *
 * <p>With more candidates it looks at the one whose turn it is, takes it if it is idle, and otherwise looks at {@link #DRAWN}
 * others, by strides of a length drawn at random, which are as good as others drawn one by one (Mitzenmacher, "Balanced
 * Allocations and Double Hashing", 2014): O(1), but no longer the very least loaded of all. To know that without a look at each
 * would take an order that every request and every answer changes, on all threads, which costs more than what it is worth: the
 * load of the best of a few drawn differs from the least one by hardly a request.
 *
 * <p>A backend in slow start would be the least loaded one for long and get everything, so it takes only its share of those
 * picks: with a tenth of its weight every tenth, see {@link Reserve}.
 */
final class LeastConnection implements Strategy {

    /** So many candidates are looked at one by one. */
    static final int EXACT_UP_TO = 64;

    /** Of more candidates so many are looked at besides the one whose turn it is. */
    private static final int DRAWN = 2;

    private final IntUnaryOperator randomBelow;
    private volatile int previous; // place in `places` of the last pick, or of the one whose turn it was
    private volatile Candidate[] places = {};
    private volatile Reserve reserve = Reserve.NONE;

    LeastConnection(IntUnaryOperator randomBelow) {
        this.randomBelow = randomBelow;
    }

    @Override
    public Picker pickerFor(List<Candidate> candidates) {
        Candidate[] next = candidates.toArray(Candidate[]::new);
        int last = places.length == 0 ? randomBelow.applyAsInt(next.length) - 1 : placeOf(places, previous, next);
        places = next;
        previous = last;
        Reserve cold = reserve.of(next);
        reserve = cold;
        Loads loads = Loads.of(candidates);
        return (request, taker) -> offer(next, loads, cold, taker);
    }

    private boolean offer(Candidate[] candidates, Loads loads, Reserve cold, Predicate<Backend> taker) {
        int start = previous + 1;
        boolean all = candidates.length <= EXACT_UP_TO;
        int least = all ? least(loads, start) : leastOfSome(loads, start);
        if (cold.passes(candidates[least])) {
            least = leastWarm(candidates, start, least, cold);
        }
        if (taker.test(loads.backends()[least])) {
            previous = all ? least : turnOf(start, candidates.length);
            return true;
        }
        return offerOthers(candidates, start, least, taker);
    }

    private int leastOfSome(Loads loads, int start) {
        int turn = turnOf(start, loads.count());
        if (!loads.any(turn)) {
            return turn;
        }
        int stride = 1 + randomBelow.applyAsInt(loads.count() - 1);
        int best = turn;
        int place = turn;
        for (int i = 0; i < DRAWN && loads.any(best); i++) {
            place += place < loads.count() - stride ? stride : stride - loads.count();
            best = loads.less(best, place);
        }
        return best;
    }

    private static int turnOf(int start, int count) {
        return start < count ? start : 0;
    }

    private static int least(Loads loads, int start) {
        int best = Math.floorMod(start, loads.count());
        for (int step = 1; step < loads.count() && loads.any(best); step++) {
            best = loads.less(best, Math.floorMod(start + step, loads.count()));
        }
        return best;
    }

    private static int leastWarm(Candidate[] candidates, int start, int otherwise, Reserve cold) {
        int best = otherwise;
        double bestLoad = Double.POSITIVE_INFINITY;
        for (int step = 0; step < candidates.length; step++) {
            int place = Math.floorMod(start + step, candidates.length);
            double load = candidates[place].backend().inFlight() / (double) candidates[place].weight();
            if (load < bestLoad && !cold.holds(candidates[place])) {
                best = place;
                bestLoad = load;
            }
        }
        return best;
    }

    /** The rare case that the least loaded one refuses: the others from the least loaded to the most. */
    private boolean offerOthers(Candidate[] candidates, int start, int refused, Predicate<Backend> taker) {
        Load[] loads = new Load[candidates.length];
        for (int step = 0; step < loads.length; step++) {
            int place = Math.floorMod(start + step, loads.length);
            loads[step] = new Load(place, candidates[place].backend().inFlight() / (double) candidates[place].weight());
        }
        Arrays.sort(loads, Comparator.comparingDouble(Load::perWeight)); // stable: the turn decides among equals
        for (Load load : loads) {
            if (load.place != refused && taker.test(candidates[load.place].backend())) {
                previous = load.place;
                return true;
            }
        }
        return false;
    }

    /** Where the last pick stands in the new candidates; if it is gone, where the one before it does. */
    private static int placeOf(Candidate[] before, int last, Candidate[] next) {
        for (int step = 0; step < before.length; step++) {
            Backend wanted = before[Math.floorMod(last - step, before.length)].backend();
            for (int place = 0; place < next.length; place++) {
                if (next[place].backend() == wanted) {
                    return place;
                }
            }
        }
        return -1;
    }

    private record Load(int place, double perWeight) {}
}
