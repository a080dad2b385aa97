package io.velo.route;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The raw path of one request as the conditions of routes look at it. Keeps the reading that patterns need, so that it is
 * made once, however many patterns ask. Used by one thread.
 */
public final class RequestPath {

    private static final int HEX = 16;

    private final String raw;
    private @Nullable Object reading;

    /**
     * @param raw the path without the query, not decoded, in printable ASCII
     */
    public RequestPath(String raw) {
        this.raw = raw;
    }

    /** The path as it came. */
    public String raw() {
        return raw;
    }

    /**
     * What a pattern takes the path for, made on the first call. One look-up uses one type.
     *
     * @param reader makes it from the raw path
     */
    public <T> T read(Class<T> type, Function<String, T> reader) {
        Object kept = reading;
        if (type.isInstance(kept)) {
            return type.cast(kept);
        }
        T fresh = reader.apply(raw);
        reading = fresh;
        return fresh;
    }

    /**
     * Whether each segment means what is written: the path begins with a slash and has no percent sign, no semicolon and no
     * empty segment but perhaps the last.
     */
    static boolean isPlain(String path) {
        if (path.isEmpty() || path.charAt(0) != '/') {
            return false;
        }
        char before = 'x';
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c == '%' || c == ';' || (c == '/' && before == '/')) {
                return false;
            }
            before = c;
        }
        return true;
    }

    /**
     * The leading segments, decoded and without their parameters, up to the first that says nothing or can't be decoded.
     * None if the path doesn't begin with a slash.
     */
    List<String> segments() {
        List<String> segments = new ArrayList<>();
        int from = raw.startsWith("/") ? 1 : raw.length();
        while (from < raw.length()) {
            int slash = raw.indexOf('/', from);
            int end = slash < 0 ? raw.length() : slash;
            String segment = decoded(raw.substring(from, end));
            if (segment.isEmpty()) {
                break;
            }
            segments.add(segment);
            from = end + 1;
        }
        return segments;
    }

    /** Empty if it can't be decoded. */
    private static String decoded(String segment) {
        int parameters = segment.indexOf(';');
        String name = parameters < 0 ? segment : segment.substring(0, parameters);
        if (name.indexOf('%') < 0) {
            return name;
        }
        byte[] bytes = new byte[name.length()];
        int length = 0;
        for (int i = 0; i < name.length(); i++) {
            int value = name.charAt(i);
            if (value == '%') {
                value = escaped(name, i);
                i += 2;
            }
            if (value < 0) {
                return "";
            }
            bytes[length++] = (byte) value;
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    /** The value of the two digits after a percent sign, negative if they aren't there. */
    private static int escaped(String text, int percent) {
        if (percent + 2 >= text.length()) {
            return -1;
        }
        int high = Character.digit(text.charAt(percent + 1), HEX);
        int low = Character.digit(text.charAt(percent + 2), HEX);
        return high < 0 || low < 0 ? -1 : high * HEX + low;
    }
}
