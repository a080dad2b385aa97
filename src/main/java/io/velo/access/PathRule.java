package io.velo.access;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A pattern of paths: {@code /a/b}, {@code /a/*}{@code /c} with any one segment in the place of the star, {@code /a/**} for
 * {@code /a} and all below it. A slash at the end makes no difference. A look costs O(length of the path) and allocates nothing.
 */
public final class PathRule {

    private static final Pattern SYNTAX = Pattern.compile("/\\*\\*|(/(\\*|[^/*?%;\\\\#\\s{}]+))*(/|/\\*\\*)?");

    private final String[] segments;
    private final boolean deep;

    private PathRule(String[] segments, boolean deep) {
        this.segments = segments;
        this.deep = deep;
    }

    /** Reads a pattern; empty if it is none. */
    public static Optional<PathRule> parse(String text) {
        if (!text.startsWith("/") || !SYNTAX.matcher(text).matches()) {
            return Optional.empty();
        }
        boolean deep = text.endsWith("/**");
        String path = deep ? text.substring(0, text.length() - 3) : text;
        List<String> segments = Arrays.stream(path.split("/", -1))
                .filter(segment -> !segment.isEmpty())
                .toList();
        boolean dots = segments.stream().anyMatch(segment -> segment.equals(".") || segment.equals(".."));
        return dots ? Optional.empty() : Optional.of(new PathRule(segments.toArray(String[]::new), deep));
    }

    /**
     * Whether it takes the path.
     *
     * @param path decoded
     */
    boolean takes(String path, boolean ignoreCase) {
        int at = 1;
        for (String segment : segments) {
            if (at >= path.length()) {
                return false;
            }
            int slash = path.indexOf('/', at);
            int end = slash < 0 ? path.length() : slash;
            boolean same = segment.equals("*")
                    ? end > at
                    : segment.length() == end - at && path.regionMatches(ignoreCase, at, segment, 0, end - at);
            if (!same) {
                return false;
            }
            at = end + 1;
        }
        return deep || at >= path.length();
    }
}
