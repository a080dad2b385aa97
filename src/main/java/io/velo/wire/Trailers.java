package io.velo.wire;

import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Which fields may stand behind the content of a message (RFC 9110 section 6.5.1). */
public final class Trailers {

    /** They frame, route, change, authenticate or describe a message, so whoever reads it needs them before its content. */
    private static final Set<String> NONE = Set.of(
            "age",
            "authorization",
            "cache-control",
            "connection",
            "content-encoding",
            "content-length",
            "content-range",
            "content-type",
            "cookie",
            "date",
            "expect",
            "expires",
            "host",
            "keep-alive",
            "location",
            "max-forwards",
            "proxy-authenticate",
            "proxy-authorization",
            "proxy-connection",
            "range",
            "retry-after",
            "set-cookie",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "vary",
            "warning",
            "www-authenticate");

    private Trailers() {}

    /** Whether a field of this name can be one. */
    public static boolean allow(CharSequence name) {
        return !NONE.contains(name.toString().toLowerCase(Locale.ROOT));
    }

    /** Takes out those that can't be any. */
    static void strip(HttpHeaders trailers) {
        if (!trailers.isEmpty()) {
            List.copyOf(trailers.names()).stream().filter(name -> !allow(name)).forEach(trailers::remove);
        }
    }
}
