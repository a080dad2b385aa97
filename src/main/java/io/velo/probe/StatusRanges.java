package io.velo.probe;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A set of statuses, written {@code 2xx}, {@code 204}, {@code 200-299} or several of these with commas. Immutable. */
public record StatusRanges(List<Range> ranges) {

    private static final Pattern ONE = Pattern.compile("([1-9])xx|([1-9]\\d\\d)(?:-([1-9]\\d\\d))?");

    public StatusRanges {
        ranges = List.copyOf(ranges);
    }

    /**
     * Reads the written form.
     *
     * @throws IllegalArgumentException if it is not of that form
     */
    public static StatusRanges parse(String text) {
        List<Range> ranges = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            ranges.add(range(part.strip()));
        }
        return new StatusRanges(ranges);
    }

    private static Range range(String text) {
        Matcher matcher = ONE.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("'" + text + "' is not a status, a range or a class such as 2xx");
        }
        if (matcher.group(1) != null) {
            int hundreds = Integer.parseInt(matcher.group(1)) * 100;
            return new Range(hundreds, hundreds + 99);
        }
        int from = Integer.parseInt(matcher.group(2));
        return new Range(from, matcher.group(3) == null ? from : Integer.parseInt(matcher.group(3)));
    }

    /** Whether the status is one of them. */
    public boolean contains(int status) {
        return ranges.stream().anyMatch(range -> range.from <= status && status <= range.to);
    }

    /** Statuses from one to another, both included. */
    public record Range(int from, int to) {
        public Range {
            if (from > to) {
                throw new IllegalArgumentException("the range " + from + "-" + to + " is empty");
            }
        }
    }
}
