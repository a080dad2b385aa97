package io.velo.dashboard;

import java.time.Duration;
import java.util.OptionalDouble;

/**
 * What the requests of the last moments were like. Times are milliseconds, empty if no request has ended.
 *
 * @param rate requests that ended, per second
 * @param failed how many of these let the client down, per second
 */
record Figures(double rate, double failed, OptionalDouble p50, OptionalDouble p90, OptionalDouble p99) {

    /** Of a time in which nothing ended. */
    static final Figures QUIET =
            new Figures(0, 0, OptionalDouble.empty(), OptionalDouble.empty(), OptionalDouble.empty());

    private static final double HUNDREDTHS = 100;

    /** What ended in this time. */
    static Figures of(Tally ended, Duration time) {
        if (ended.count() == 0) {
            return QUIET;
        }
        double seconds = Math.max(1, time.toMillis()) / 1000.0;
        return new Figures(
                rounded(ended.count() / seconds),
                rounded(ended.failed() / seconds),
                quantile(ended, 0.5),
                quantile(ended, 0.9),
                quantile(ended, 0.99));
    }

    private static OptionalDouble quantile(Tally ended, double part) {
        return ended.quantile(part).stream().map(Figures::rounded).findFirst();
    }

    private static double rounded(double value) {
        return Math.round(value * HUNDREDTHS) / HUNDREDTHS;
    }
}
