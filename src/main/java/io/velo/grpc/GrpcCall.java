package io.velo.grpc;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** What the head of a request says about the call that it begins. */
public final class GrpcCall {

    /** Media type of calls and their answers; a message format may follow behind a plus sign. */
    public static final String CONTENT_TYPE = "application/grpc";

    /** Field in which a client says how long it will wait. */
    public static final String TIMEOUT = "grpc-timeout";

    private static final int MOST_DIGITS = 8;

    /** So that it fits into nanoseconds. */
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private GrpcCall() {}

    /**
     * Whether a request is a call.
     *
     * @param contentType the field's value, empty if it has none
     */
    public static boolean is(String contentType) {
        int end = CONTENT_TYPE.length();
        return contentType.regionMatches(true, 0, CONTENT_TYPE, 0, end)
                && (contentType.length() == end || "+; ".indexOf(contentType.charAt(end)) >= 0); // grpc-web is none
    }

    /**
     * How long the client of a call waits: up to eight digits and a unit, as in {@code 250m} for 250 ms. At most a hundred years.
     *
     * @param timeout the field's value, empty if it has none
     * @return empty if there is none, or it is malformed and for the backend to judge
     */
    public static Optional<Duration> timeout(String timeout) {
        int digits = timeout.length() - 1;
        if (digits < 1 || digits > MOST_DIGITS) {
            return Optional.empty();
        }
        int number = 0;
        for (int i = 0; i < digits; i++) {
            char digit = timeout.charAt(i);
            if (digit < '0' || digit > '9') {
                return Optional.empty();
            }
            number = number * 10 + digit - '0';
        }
        return of(number, timeout.charAt(digits));
    }

    private static Optional<Duration> of(int number, char unit) {
        return switch (unit) {
            case 'H' -> Optional.of(atMostLongest(Duration.ofHours(number)));
            case 'M' -> Optional.of(atMostLongest(Duration.ofMinutes(number)));
            case 'S' -> Optional.of(Duration.ofSeconds(number));
            case 'm' -> Optional.of(Duration.ofMillis(number));
            case 'u' -> Optional.of(Duration.of(number, ChronoUnit.MICROS));
            case 'n' -> Optional.of(Duration.ofNanos(number));
            default -> Optional.empty();
        };
    }

    private static Duration atMostLongest(Duration duration) {
        return duration.compareTo(LONGEST) > 0 ? LONGEST : duration;
    }
}
