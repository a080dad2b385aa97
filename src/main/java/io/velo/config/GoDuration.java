package io.velo.config;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as Go writes them, 1m30s or 1.5s, which Spring doesn't read. */
final class GoDuration {

    private static final String PART = "(\\d+(?:\\.\\d+)?)(h|ms|m|s|us|µs|ns)";
    private static final Pattern PARTS = Pattern.compile(PART);
    private static final Pattern WHOLE = Pattern.compile("(?:" + PART + ")+");
    private static final Pattern READ_BY_SPRING = Pattern.compile("\\d+[a-z]+");

    /** In nanoseconds: some 292 years. */
    private static final BigDecimal LONGEST = BigDecimal.valueOf(Long.MAX_VALUE);

    private static final Map<String, Duration> UNITS = Map.of(
            "h", Duration.ofHours(1),
            "m", Duration.ofMinutes(1),
            "s", Duration.ofSeconds(1),
            "ms", Duration.ofMillis(1),
            "us", Duration.ofNanos(1000),
            "µs", Duration.ofNanos(1000),
            "ns", Duration.ofNanos(1));

    private GoDuration() {}

    /** The same value as Spring reads it; a value that is no such duration, or too long a one, as it is. */
    static Object forSpring(Object value) {
        String text = value.toString();
        if (!WHOLE.matcher(text).matches() || READ_BY_SPRING.matcher(text).matches()) {
            return value;
        }
        BigDecimal nanos = BigDecimal.ZERO;
        Matcher parts = PARTS.matcher(text);
        while (parts.find()) {
            Duration unit = Objects.requireNonNull(UNITS.get(parts.group(2)));
            nanos = nanos.add(new BigDecimal(parts.group(1)).multiply(BigDecimal.valueOf(unit.toNanos())));
        }
        return nanos.compareTo(LONGEST) > 0
                ? value
                : Duration.ofNanos(nanos.longValue()).toString();
    }
}
