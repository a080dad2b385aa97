package io.velo.auth;

import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The claims of a token as texts: those inside another one with a dot between, scopes one by one. */
final class Claims {

    private static final List<String> WITH_SPACES_BETWEEN = List.of("scope", "scp");

    private Claims() {}

    /** The values of a claim; empty if there is none. */
    static List<String> of(Map<String, Object> claims, String name) {
        Object found = find(claims, name);
        if (found instanceof Collection<?> values) {
            return values.stream().filter(Objects::nonNull).map(String::valueOf).toList();
        }
        if (found == null || found instanceof Map) {
            return List.of();
        }
        String text = String.valueOf(found);
        return WITH_SPACES_BETWEEN.contains(name) ? words(text) : List.of(text);
    }

    /** The same of one with roles, which may be one text with spaces or commas between. */
    static List<String> roles(Map<String, Object> claims, String name) {
        return of(claims, name).stream().flatMap(text -> words(text).stream()).toList();
    }

    private static List<String> words(String text) {
        return Arrays.stream(text.split("[ ,]+", -1))
                .filter(word -> !word.isEmpty())
                .toList();
    }

    private static @org.jspecify.annotations.Nullable Object find(Map<?, ?> claims, String name) {
        Object whole = claims.get(name);
        int dot = name.indexOf('.');
        if (whole != null || dot < 0) {
            return whole;
        }
        return claims.get(name.substring(0, dot)) instanceof Map<?, ?> inner
                ? find(inner, name.substring(dot + 1))
                : null;
    }

    /** Those of these names that there are. */
    static Map<String, List<String>> of(Map<String, Object> claims, Collection<String> names) {
        Map<String, List<String>> found = new LinkedHashMap<>();
        for (String name : names) {
            List<String> values = of(claims, name);
            if (!values.isEmpty()) {
                found.put(name, values);
            }
        }
        return found;
    }
}
