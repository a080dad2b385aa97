package io.velo.access;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The ways in which backends may read a path: with or without the parameters of its segments, with or without its empty
 * segments. Only where all of them fall under one rule is it clear which one counts. What can be read as quite another place
 * (dot segments, encoded slashes, anything that is encoded twice) isn't read at all.
 */
final class PathReadings {

    private static final String HARMLESS = "-_.~!$&'()*+,=:@";

    private static final int HEX = 16;

    private PathReadings() {}

    /** Whether there is but one way to read it: no upper case, nothing encoded, no parameters, no empty or dot segments. */
    static boolean isPlain(String path) {
        if (path.isEmpty() || path.charAt(0) != '/') {
            return false;
        }
        char before = '/';
        for (int i = 1; i < path.length(); i++) {
            char c = path.charAt(i);
            boolean known = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || HARMLESS.indexOf(c) >= 0;
            if (before == '/' ? !known || c == '.' : !known && c != '/') {
                return false;
            }
            before = c;
        }
        return true;
    }

    /**
     * All ways to read it, decoded, the literal one first; none if it is refused.
     *
     * @param raw the path without the query, not decoded
     */
    static List<String> of(String raw) {
        List<String> segments = new ArrayList<>();
        for (String segment : raw.substring(raw.startsWith("/") ? 1 : 0).split("/", -1)) {
            String decoded = decoded(segment);
            if (!isReadable(decoded) || !raw.startsWith("/")) {
                return List.of();
            }
            segments.add(decoded);
        }
        List<String> bare =
                segments.stream().map(PathReadings::withoutParameters).toList();
        Set<String> readings = new LinkedHashSet<>();
        for (List<String> each : List.of(segments, bare)) {
            readings.add(joined(each));
            readings.add(joined(each.stream().filter(part -> !part.isEmpty()).toList()));
        }
        return List.copyOf(readings);
    }

    private static String joined(List<String> segments) {
        return segments.stream().collect(Collectors.joining("/", "/", ""));
    }

    private static String withoutParameters(String segment) {
        int parameters = segment.indexOf(';');
        return parameters < 0 ? segment : segment.substring(0, parameters);
    }

    /** A NUL, which is never readable, if it can't be decoded. */
    private static String decoded(String segment) {
        if (segment.indexOf('%') < 0) {
            return segment;
        }
        ByteBuffer bytes = ByteBuffer.allocate(segment.length());
        for (int i = 0; i < segment.length(); i++) {
            int value = segment.charAt(i);
            if (value == '%') {
                value = escaped(segment, i);
                i += 2;
            }
            if (value < 0) {
                return "\0";
            }
            bytes.put((byte) value);
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
        } catch (CharacterCodingException overlong) {
            return "\0";
        }
    }

    private static int escaped(String text, int percent) {
        if (percent + 2 >= text.length()) {
            return -1;
        }
        int high = Character.digit(text.charAt(percent + 1), HEX);
        int low = Character.digit(text.charAt(percent + 2), HEX);
        return high < 0 || low < 0 ? -1 : high * HEX + low;
    }

    private static boolean isReadable(String segment) {
        for (int i = 0; i < segment.length(); i++) {
            char c = segment.charAt(i);
            if (c == '/' || c == '\\' || Character.isISOControl(c) || (c == '%' && isEscape(segment, i))) {
                return false;
            }
        }
        String name = withoutParameters(segment);
        return !name.equals(".") && !name.equals("..");
    }

    /** What would be decoded by who decodes twice, in the manner of Microsoft, too: {@code %u002e}. */
    private static boolean isEscape(String text, int percent) {
        boolean wide = percent + 1 < text.length() && "uU".indexOf(text.charAt(percent + 1)) >= 0;
        return wide || escaped(text, percent) >= 0;
    }
}
