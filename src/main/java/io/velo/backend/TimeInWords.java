package io.velo.backend;

import java.time.Duration;

/** How a sentence says a time: {@code 400 ms}, {@code 1.5 s}, {@code 90 s}, {@code 4 min}, {@code 2 min 30 s}. */
public final class TimeInWords {

    private static final long SECOND = 1_000;
    private static final long MINUTE = 60 * SECOND;

    private TimeInWords() {}

    /** As exact as it matters: whole seconds from ten of them on. */
    public static String of(Duration time) {
        long millis = time.toMillis();
        if (millis < SECOND) {
            return millis + " ms";
        }
        if (millis < 10 * SECOND && millis % SECOND != 0) {
            long tenths = millis / (SECOND / 10);
            return tenths / 10 + "." + tenths % 10 + " s";
        }
        if (millis < 2 * MINUTE) {
            return millis / SECOND + " s";
        }
        long seconds = millis % MINUTE / SECOND;
        return millis / MINUTE + " min" + (seconds == 0 ? "" : " " + seconds + " s");
    }
}
