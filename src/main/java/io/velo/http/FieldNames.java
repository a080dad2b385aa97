package io.velo.http;

/** Names of fields as backends see them that make variables of them (RFC 3875 section 4.1.18): a dash is an underscore there. */
public final class FieldNames {

    private FieldNames() {}

    /** Whether two names are the same to some backend: in whatever case, with underscores for dashes. Allocates nothing. */
    public static boolean alike(CharSequence one, CharSequence other) {
        return one.length() == other.length() && beginAlike(one, other);
    }

    /** Whether a name begins with something, in the same sense. */
    public static boolean beginAlike(CharSequence name, CharSequence beginning) {
        if (name.length() < beginning.length()) {
            return false;
        }
        for (int i = 0; i < beginning.length(); i++) {
            if (folded(name.charAt(i)) != folded(beginning.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static char folded(char c) {
        return c == '_' ? '-' : c >= 'A' && c <= 'Z' ? (char) (c + ('a' - 'A')) : c;
    }
}
