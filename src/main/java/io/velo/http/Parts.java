package io.velo.http;

/**
 * Where named values stand in a {@code Cookie} field or in a query. They are looked for as they are written: nothing is
 * decoded, and quotes belong to the value. Allocates nothing.
 */
public final class Parts {

    /** There is no such value. */
    public static final long NONE = -1;

    private Parts() {}

    /** The first cookie of that name in a {@code Cookie} field, whose case matters; its place or {@link #NONE}. */
    public static long cookie(String field, String name) {
        return find(field, 0, ';', name);
    }

    /** The first parameter of that name in the query of a target, whose case matters; its place or {@link #NONE}. */
    public static long parameter(String target, String name) {
        int mark = target.indexOf('?');
        return mark < 0 ? NONE : find(target, mark + 1, '&', name);
    }

    /** Where a value that was found begins. */
    public static int start(long place) {
        return (int) (place >>> Integer.SIZE);
    }

    /** Where it has ended. */
    public static int end(long place) {
        return (int) place;
    }

    private static long find(String text, int from, char separator, String name) {
        int start = from;
        while (start < text.length()) {
            int end = text.indexOf(separator, start);
            end = end < 0 ? text.length() : end;
            int first = skipSpaces(text, start, end);
            int value = first + name.length() + 1;
            if (value <= end && text.charAt(value - 1) == '=' && text.startsWith(name, first)) {
                return (long) value << Integer.SIZE | trimmed(text, value, end);
            }
            start = end + 1;
        }
        return NONE;
    }

    private static int skipSpaces(String text, int start, int end) {
        int first = start;
        while (first < end && text.charAt(first) == ' ') {
            first++;
        }
        return first;
    }

    private static int trimmed(String text, int start, int end) {
        int last = end;
        while (last > start && text.charAt(last - 1) == ' ') {
            last--;
        }
        return last;
    }
}
