package io.velo.dashboard;

import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.CountAtBucket;
import io.micrometer.core.instrument.distribution.HistogramSnapshot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;

/**
 * How many requests have ended, how long they took and how they failed: since the start, or as the difference of two such
 * figures since the one before. Immutable.
 *
 * @param count requests that ended
 * @param failed how many of these let the client down
 * @param bounds upper bounds of the buckets in milliseconds, ascending
 * @param within how many requests took at most as long as the bound of the same place
 * @param reasons how many failed for which reason
 */
record Tally(long count, long failed, List<Double> bounds, List<Long> within, Map<String, Long> reasons) {

    /** Of no requests. */
    static final Tally NOTHING = new Tally(0, 0, List.of(), List.of(), Map.of());

    Tally {
        bounds = List.copyOf(bounds);
        within = List.copyOf(within);
        reasons = Map.copyOf(reasons);
    }

    /**
     * What a timer has counted.
     *
     * @param reason why these requests failed; empty if they didn't
     */
    static Tally of(Timer timer, String reason) {
        HistogramSnapshot snapshot = timer.takeSnapshot();
        CountAtBucket[] buckets = snapshot.histogramCounts();
        List<Double> bounds = Arrays.stream(buckets)
                .map(bucket -> bucket.bucket(TimeUnit.MILLISECONDS))
                .toList();
        List<Long> within =
                Arrays.stream(buckets).map(bucket -> (long) bucket.count()).toList();
        long count = snapshot.count();
        boolean failed = !reason.isEmpty() && count > 0;
        return new Tally(count, failed ? count : 0, bounds, within, failed ? Map.of(reason, count) : Map.of());
    }

    Tally plus(Tally other) {
        return combined(other, 1);
    }

    /** What has come since {@code earlier}; never less than nothing, should a meter have begun anew. */
    Tally minus(Tally earlier) {
        return combined(earlier, -1);
    }

    private Tally combined(Tally other, int sign) {
        Map<String, Long> sums = new HashMap<>(reasons);
        other.reasons.forEach((reason, more) -> sums.merge(reason, sign * more, Long::sum));
        sums.values().removeIf(sum -> sum <= 0);
        return new Tally(
                Math.max(0, count + sign * other.count),
                Math.max(0, failed + sign * other.failed),
                bounds.isEmpty() ? other.bounds : bounds,
                sums(within, other.within, sign),
                sums);
    }

    private static List<Long> sums(List<Long> left, List<Long> right, int sign) {
        List<Long> sums = new ArrayList<>(Math.max(left.size(), right.size()));
        for (int i = 0; i < Math.max(left.size(), right.size()); i++) {
            long one = i < left.size() ? left.get(i) : 0;
            long other = i < right.size() ? right.get(i) : 0;
            sums.add(Math.max(0, one + sign * other));
        }
        return sums;
    }

    /**
     * The time that this part of the requests didn't exceed, in milliseconds, as Prometheus reckons it: linear inside the
     * bucket. Requests beyond the last bucket count as of its bound. Empty if no request has ended.
     *
     * @param part 0 to 1
     */
    OptionalDouble quantile(double part) {
        if (within.isEmpty() || within.get(within.size() - 1) == 0) {
            return OptionalDouble.empty();
        }
        double rank = part * within.get(within.size() - 1);
        int bucket = 0;
        while (within.get(bucket) < rank) {
            bucket++;
        }
        double low = bucket == 0 ? 0 : bounds.get(bucket - 1);
        long before = bucket == 0 ? 0 : within.get(bucket - 1);
        long inside = within.get(bucket) - before;
        double share = inside == 0 ? 1 : (rank - before) / inside;
        return OptionalDouble.of(low + (bounds.get(bucket) - low) * share);
    }
}
