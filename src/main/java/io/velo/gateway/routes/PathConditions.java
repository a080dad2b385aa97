package io.velo.gateway.routes;

import io.velo.route.PathMatch;
import io.velo.route.PathMatch.Extent;
import io.velo.route.RequestPath;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.springframework.http.server.PathContainer;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/** Spring's path patterns as Velo's table takes them: the pattern itself decides, and its leading plain segments are its key. */
final class PathConditions {

    private static final String SYNTAX = "?*{}";

    private PathConditions() {}

    /**
     * A pattern.
     *
     * @param parser what the pattern was made by
     */
    static PathMatch of(PathPattern pattern, PathPatternParser parser) {
        Predicate<RequestPath> exact =
                path -> pattern.matches(path.read(PathContainer.class, PathContainer::parsePath));
        String text = pattern.getPatternString();
        if (!parser.isCaseSensitive() || parser.getPathOptions().separator() != '/') {
            return new PathMatch(List.of(), Extent.PATTERN, exact);
        }
        List<String> segments = leadingSegments(text);
        int length = segments.stream().mapToInt(segment -> segment.length() + 1).sum();
        return new PathMatch(segments, extentOf(text.substring(length)), exact);
    }

    private static List<String> leadingSegments(String pattern) {
        List<String> segments = new ArrayList<>();
        int at = 0; // of the slash before the next segment
        while (at < pattern.length() && pattern.charAt(at) == '/') {
            int slash = pattern.indexOf('/', at + 1);
            int end = slash < 0 ? pattern.length() : slash;
            String segment = pattern.substring(at + 1, end);
            if (segment.isEmpty() || segment.chars().anyMatch(c -> SYNTAX.indexOf(c) >= 0)) {
                break;
            }
            segments.add(segment);
            at = end;
        }
        return segments;
    }

    private static Extent extentOf(String rest) {
        return switch (rest) {
            case "" -> Extent.EXACT;
            case "/" -> Extent.SLASH;
            case "/**" -> Extent.SUBTREE;
            default -> Extent.PATTERN;
        };
    }
}
