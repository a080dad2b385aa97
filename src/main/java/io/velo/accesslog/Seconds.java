package io.velo.accesslog;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Writes times down to the second, in UTC; those of one second only once. For one thread. */
final class Seconds {

    private final DateTimeFormatter format;
    private long second = Long.MIN_VALUE;
    private String text = "";

    Seconds(String pattern) {
        this.format = DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).withZone(ZoneOffset.UTC);
    }

    String of(Instant time) {
        if (time.getEpochSecond() != second) {
            second = time.getEpochSecond();
            text = format.format(time);
        }
        return text;
    }
}
