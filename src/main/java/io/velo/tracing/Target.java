package io.velo.tracing;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Path and query of a request, fit to be kept.
 *
 * @param path as it was sent
 * @param query the same, empty if there is none, with {@code REDACTED} for what signs the links of the large clouds, as the
 *     semantic conventions demand
 */
record Target(String path, String query) {

    private static final Set<String> SECRETS = Set.of("AWSAccessKeyId", "Signature", "sig", "X-Goog-Signature");

    /** Takes a target apart: of whatever form, since clients may send all kinds. */
    static Target of(String target) {
        int mark = target.indexOf('?');
        return mark < 0
                ? new Target(target, "")
                : new Target(target.substring(0, mark), withoutSecrets(target.substring(mark + 1)));
    }

    private static String withoutSecrets(String query) {
        if (SECRETS.stream().noneMatch(query::contains)) {
            return query;
        }
        return Arrays.stream(query.split("&", -1)).map(Target::redacted).collect(Collectors.joining("&"));
    }

    private static String redacted(String parameter) {
        int equals = parameter.indexOf('=');
        return equals >= 0 && SECRETS.contains(parameter.substring(0, equals))
                ? parameter.substring(0, equals) + "=REDACTED"
                : parameter;
    }

    @Override
    public String toString() {
        return query.isEmpty() ? path : path + "?" + query;
    }
}
