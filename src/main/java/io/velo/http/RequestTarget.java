package io.velo.http;

/**
 * A request target as it came and as {@link java.net.URI} can read it. Backends get the former byte for byte; predicates
 * and filters see the latter, in which each character that RFC 3986 doesn't allow is percent-encoded, a stray percent sign
 * included.
 */
public final class RequestTarget {

    private static final String ALLOWED = "-._~:/?@!$&'()*+,;=";

    private RequestTarget() {}

    /** Whether a target may be passed on: printable ASCII without spaces, and no fragment. */
    public static boolean acceptable(String target) {
        for (int i = 0; i < target.length(); i++) {
            char c = target.charAt(i);
            if (c <= ' ' || c >= 0x7f || c == '#') {
                return false;
            }
        }
        return !target.isEmpty();
    }

    /** The readable form; the very same string if it is readable as it is, which costs one look at each character. */
    public static String readable(String target) {
        for (int i = 0; i < target.length(); i++) {
            if (!readableAt(target, i)) {
                return encoded(target);
            }
        }
        return target;
    }

    /** The authority that an absolute target of this scheme names; empty if it names none. */
    public static String authority(String target, String scheme) {
        int start = authorityStart(target, scheme);
        return start < 0 ? "" : target.substring(start, authorityEnd(target, start));
    }

    /** The path and query of an absolute target, or {@code *} if it has neither and asks for the server as a whole. */
    public static String originForm(String target, String scheme, boolean options) {
        String rest = target.substring(authorityEnd(target, authorityStart(target, scheme)));
        if (rest.isEmpty()) {
            return options ? "*" : "/";
        }
        return rest.startsWith("/") ? rest : "/" + rest;
    }

    private static int authorityStart(String target, String scheme) {
        String prefix = scheme + "://";
        return target.regionMatches(true, 0, prefix, 0, prefix.length()) ? prefix.length() : -1;
    }

    private static int authorityEnd(String target, int start) {
        int end = start;
        while (end < target.length() && "/?".indexOf(target.charAt(end)) < 0) {
            end++;
        }
        return end;
    }

    private static String encoded(String target) {
        StringBuilder text = new StringBuilder(target.length() + 16);
        for (int i = 0; i < target.length(); i++) {
            char c = target.charAt(i);
            if (readableAt(target, i)) {
                text.append(c);
            } else {
                text.append('%').append(hex(c >> 4)).append(hex(c));
            }
        }
        return text.toString();
    }

    private static boolean readableAt(String target, int i) {
        char c = target.charAt(i);
        if (c == '%') {
            return i + 2 < target.length() && isHex(target.charAt(i + 1)) && isHex(target.charAt(i + 2));
        }
        if (c == '[' || c == ']') {
            int query = target.indexOf('?');
            return query >= 0 && query < i; // java.net.URI takes brackets in a query only
        }
        return isLetterOrDigit(c) || ALLOWED.indexOf(c) >= 0;
    }

    private static boolean isLetterOrDigit(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }

    private static boolean isHex(char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    }

    private static char hex(int value) {
        return Character.toUpperCase(Character.forDigit(value & 0xf, 16));
    }
}
