package io.velo.route;

import java.util.List;
import java.util.function.Predicate;

/**
 * Which paths a route takes: what an index can tell of the pattern, and the pattern itself.
 *
 * @param segments the leading segments that are plain text, decoded; each path that the pattern takes begins with them
 * @param extent what may follow them
 * @param pattern decides on every path, plain or not
 */
public record PathMatch(List<String> segments, Extent extent, Predicate<RequestPath> pattern) {

    /** Takes every path, and what is no path, too. */
    public static final PathMatch ANY = new PathMatch(List.of(), Extent.SUBTREE, path -> true);

    /** What may follow the leading segments. On a plain path all but the last are decided without the pattern. */
    public enum Extent {
        /** Nothing: {@code /a/b}. */
        EXACT,
        /** A slash and nothing more: {@code /a/b/}. */
        SLASH,
        /** Nothing, or a slash and anything: {@code /a/b/**}. */
        SUBTREE,
        /** What the pattern says. */
        PATTERN
    }

    public PathMatch {
        segments = List.copyOf(segments);
    }
}
