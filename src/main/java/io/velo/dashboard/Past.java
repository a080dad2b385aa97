package io.velo.dashboard;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Function;

/** The last quarter of an hour of each pool, so that a page that has just been opened has something to show. Thread-safe. */
final class Past {

    private final int length;
    private final Map<String, Deque<Point>> byPool = new HashMap<>();

    /**
     * @param length how many points it keeps of each pool
     */
    Past(int length) {
        this.length = length;
    }

    synchronized void add(String pool, Point point) {
        Deque<Point> points = byPool.computeIfAbsent(pool, first -> new ArrayDeque<>());
        if (points.size() == length) {
            points.removeFirst();
        }
        points.addLast(point);
    }

    /** Forgets all other pools. */
    synchronized void keepOnly(Collection<String> pools) {
        byPool.keySet().retainAll(pools);
    }

    /** How many requests of a pool have failed in this time, by reason. */
    synchronized Map<String, Long> reasons(String pool) {
        Map<String, Long> sums = new HashMap<>();
        points(pool).forEach(point -> point.reasons.forEach((reason, count) -> sums.merge(reason, count, Long::sum)));
        return Map.copyOf(sums);
    }

    /** All points of a pool, the oldest first. */
    synchronized Series series(String pool) {
        return Series.of(points(pool));
    }

    private Collection<Point> points(String pool) {
        return byPool.getOrDefault(pool, new ArrayDeque<>());
    }

    /** What a pool was like at one moment, and what had failed since the one before. */
    record Point(Instant at, Figures figures, int inFlight, Map<String, Long> reasons) {}

    /** Points by column, as a chart wants them. */
    record Series(
            List<Long> at,
            List<Double> rate,
            List<Double> failed,
            List<OptionalDouble> p50,
            List<OptionalDouble> p90,
            List<OptionalDouble> p99,
            List<Integer> inFlight) {

        private static Series of(Collection<Point> points) {
            return new Series(
                    column(points, point -> point.at.toEpochMilli()),
                    column(points, point -> point.figures.rate()),
                    column(points, point -> point.figures.failed()),
                    column(points, point -> point.figures.p50()),
                    column(points, point -> point.figures.p90()),
                    column(points, point -> point.figures.p99()),
                    column(points, Point::inFlight));
        }

        private static <T> List<T> column(Collection<Point> points, Function<Point, T> value) {
            return points.stream().map(value).toList();
        }
    }
}
