package io.velo.auth;

import io.velo.access.AccessRequest;
import java.util.List;

/** What {@code Authorization} says, by its scheme. */
final class Authorization {

    /** There are several. */
    static final String REPEATED = "\0";

    private static final String FIELD = "Authorization";

    private Authorization() {}

    /**
     * What follows the scheme; empty if there is nothing of the kind, {@link #REPEATED} if there are several.
     *
     * @param scheme with its space: {@code "Bearer "}
     */
    static String of(AccessRequest request, String scheme) {
        List<String> values = request.headers(FIELD);
        if (values.isEmpty()) {
            return "";
        }
        if (values.size() > 1) {
            return REPEATED;
        }
        String value = values.get(0);
        return value.regionMatches(true, 0, scheme, 0, scheme.length())
                ? value.substring(scheme.length()).strip()
                : "";
    }
}
