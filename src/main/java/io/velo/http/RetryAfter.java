package io.velo.http;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;

/** The field {@code Retry-After} of RFC 9110 section 10.2.3: seconds, or a date. */
public final class RetryAfter {

    /** Name of the field. */
    public static final String FIELD = "Retry-After";

    private static final Duration LONGEST = Duration.ofDays(1);
    private static final int MOST_DIGITS = 9;

    private RetryAfter() {}

    /** How long it says to wait, at most a day; zero if the text says nothing or makes no sense. */
    public static Duration parse(String text, Instant now) {
        String value = text.strip();
        if (value.isEmpty()) {
            return Duration.ZERO;
        }
        Duration wait = value.chars().allMatch(each -> each >= '0' && each <= '9') ? seconds(value) : until(value, now);
        return wait.isNegative() ? Duration.ZERO : wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
    }

    private static Duration seconds(String digits) {
        return digits.length() > MOST_DIGITS ? LONGEST : Duration.ofSeconds(Long.parseLong(digits));
    }

    private static Duration until(String date, Instant now) {
        try {
            ZonedDateTime due = ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME);
            return Duration.between(now, due.toInstant());
        } catch (DateTimeParseException e) {
            return Duration.ZERO;
        }
    }
}
