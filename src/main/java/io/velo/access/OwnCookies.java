package io.velo.access;

import java.util.ArrayList;
import java.util.List;

/**
 * The cookies that clients keep for Velo itself and that are the business of neither backends nor whoever else is asked: the one
 * of this name, and all whose names begin with it and an underscore.
 *
 * @param name empty if there are none
 */
public record OwnCookies(String name) {

    /** None at all. */
    public static final OwnCookies NONE = new OwnCookies("");

    /**
     * Whether some are there, perhaps. Costs a search for the name.
     *
     * @param fields values of {@code Cookie}
     */
    public boolean mayBeIn(List<String> fields) {
        if (name.isEmpty()) {
            return false;
        }
        for (String field : fields) {
            if (field.contains(name)) {
                return true;
            }
        }
        return false;
    }

    /**
     * The same without them; empty if nothing is left.
     *
     * @param fields values of {@code Cookie}
     */
    public List<String> without(List<String> fields) {
        List<String> kept = new ArrayList<>();
        for (String field : fields) {
            StringBuilder rest = new StringBuilder(field.length());
            for (String pair : field.split(";", -1)) {
                if (!pair.isBlank() && !isOwn(pair)) {
                    rest.append(rest.isEmpty() ? "" : "; ").append(pair.strip());
                }
            }
            if (!rest.isEmpty()) {
                kept.add(rest.toString());
            }
        }
        return kept;
    }

    private boolean isOwn(String pair) {
        int equals = pair.indexOf('=');
        String other = (equals < 0 ? pair : pair.substring(0, equals)).strip();
        return other.startsWith(name) && (other.length() == name.length() || other.charAt(name.length()) == '_');
    }
}
