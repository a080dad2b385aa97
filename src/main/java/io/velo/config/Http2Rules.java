package io.velo.config;

import org.springframework.util.unit.DataSize;

/** What {@code lb.http2.*} may say. */
final class Http2Rules {

    private static final DataSize SMALLEST_WINDOW = DataSize.ofKilobytes(64);
    private static final DataSize LARGEST_WINDOW = DataSize.ofMegabytes(16);

    private final Violations violations;

    Http2Rules(Violations violations) {
        this.violations = violations;
    }

    void check(LbProperties.Http2 http2) {
        within("max-concurrent-streams", http2.maxConcurrentStreams(), 1, 10_000);
        within("max-resets", http2.maxResets(), 1, 100_000);
        within("frame-budget", http2.frameBudget(), 100, 1_000_000);
        DataSize window = http2.initialWindowSize();
        violations.unless(
                window.compareTo(SMALLEST_WINDOW) >= 0 && window.compareTo(LARGEST_WINDOW) <= 0,
                "lb.http2.initial-window-size",
                window,
                "must be 64KB to 16MB");
    }

    private void within(String key, int value, int least, int most) {
        violations.unless(
                value >= least && value <= most, "lb.http2." + key, value, "must be " + least + " to " + most);
    }
}
