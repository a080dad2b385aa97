package io.velo.gateway.routes;

import io.velo.route.FieldEdit;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.gateway.filter.factory.AbstractNameValueGatewayFilterFactory.NameValueConfig;
import org.springframework.cloud.gateway.filter.factory.AddResponseHeaderGatewayFilterFactory;

/**
 * What the gateway's filters do to a field. Fields that say where a message goes or ends, or whom it came from, are left to
 * the gateway, where rules of Velo's and of the gateway's interfere with what a filter wrote into them.
 */
final class FieldEdits {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");
    private static final Pattern VALUE = Pattern.compile("[\\x21-\\x7e]([\\x20-\\x7e]*[\\x21-\\x7e])?");
    private static final Set<String> LEFT = Set.of(
            "host",
            "connection",
            "content-length",
            "transfer-encoding",
            "te",
            "trailer",
            "keep-alive",
            "upgrade",
            "expect",
            "via",
            "forwarded");
    private static final List<String> LEFT_FAMILIES = List.of("proxy-", "x-forwarded-");

    private FieldEdits() {}

    static FieldEdit of(FieldEdit.Action action, NameValueConfig config) {
        if (config instanceof AddResponseHeaderGatewayFilterFactory.Config add && !add.isOverride()) {
            throw new IllegalArgumentException("it depends on what the backend answers");
        }
        String value = Objects.requireNonNull(config.getValue());
        if (value.indexOf('{') >= 0) {
            throw new IllegalArgumentException("it is a template");
        }
        if (!VALUE.matcher(value).matches()) {
            throw new IllegalArgumentException("its value is no plain text");
        }
        return new FieldEdit(action, nameOf(config.getName()), value);
    }

    static FieldEdit removal(@Nullable String name) {
        return new FieldEdit(FieldEdit.Action.REMOVE, nameOf(name), "");
    }

    private static String nameOf(@Nullable String name) {
        String lower = Objects.requireNonNull(name).toLowerCase(Locale.ROOT);
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("'" + name + "' is no name of a field");
        }
        if (LEFT.contains(lower) || LEFT_FAMILIES.stream().anyMatch(lower::startsWith)) {
            throw new IllegalArgumentException("the field " + name + " has rules of its own");
        }
        return name;
    }
}
