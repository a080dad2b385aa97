package io.velo.http;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Locale;

/**
 * Paths that mean the same to everyone: without dot segments and empty segments, backslashes, and encoded dots, slashes,
 * backslashes and NULs. Servers differ in what they make of these, so a rule for one spelling need not hold for another.
 */
public final class PlainPath {

    private PlainPath() {}

    /**
     * Whether the path of a target is plain. One look at each character.
     *
     * @param target path and query
     */
    public static boolean is(String target) {
        int end = endOf(target);
        for (int i = 0; i < end; i++) {
            char c = target.charAt(i);
            if (c == '\\' || (c == '%' && isOdd(target, i, end)) || (c == '/' && isOddSegment(target, i + 1, end))) {
                return false;
            }
        }
        return true;
    }

    private static int endOf(String target) {
        int query = target.indexOf('?');
        return query < 0 ? target.length() : query;
    }

    private static boolean isOdd(String target, int at, int end) {
        if (at + 2 >= end) {
            return true;
        }
        return switch (target.substring(at + 1, at + 3).toLowerCase(Locale.ROOT)) {
            case "2e", "2f", "5c", "00" -> true;
            default -> false;
        };
    }

    /** An empty one, unless it is the last, or one of dots, with parameters of its own or without. */
    private static boolean isOddSegment(String target, int start, int end) {
        int i = start;
        while (i < end && target.charAt(i) == '.') {
            i++;
        }
        boolean ends = i == end || target.charAt(i) == '/' || target.charAt(i) == ';';
        int dots = i - start;
        return ends && (dots == 1 || dots == 2 || (dots == 0 && i < end));
    }

    /**
     * The plain form of a target (RFC 3986 section 6.2.2.3), with empty segments left out and encoded dots read; what stays
     * ambiguous even so stays as it is.
     */
    public static String of(String target) {
        if (is(target)) {
            return target;
        }
        int end = endOf(target);
        String path = target.substring(0, end).replaceAll("(?i)%2e", ".");
        Deque<String> kept = new ArrayDeque<>();
        String[] segments = path.split("/", -1);
        for (String segment : segments) {
            keep(segment, kept);
        }
        StringBuilder plain = new StringBuilder();
        for (Iterator<String> each = kept.iterator(); each.hasNext(); ) {
            plain.append('/').append(each.next());
        }
        String last = segments[segments.length - 1];
        if (plain.length() == 0 || last.isEmpty() || last.equals(".") || last.equals("..")) {
            plain.append('/');
        }
        return plain.append(target, end, target.length()).toString();
    }

    private static void keep(String segment, Deque<String> kept) {
        if (segment.equals("..")) {
            kept.pollLast();
        } else if (!segment.isEmpty() && !segment.equals(".")) {
            kept.addLast(segment);
        }
    }
}
