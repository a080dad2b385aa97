package io.velo.access;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** A way to prove who one is. The order is that in which they are tried: cheap ones first. */
public enum Mechanism {
    /** The certificate of the TLS connection. */
    CLIENT_CERTIFICATE,
    /** A key in a header field or in the query. */
    API_KEY,
    /** A signed token in {@code Authorization: Bearer}. */
    JWT,
    /** Name and password in {@code Authorization: Basic}. */
    BASIC,
    /** A session that began with a login at an OpenID provider. */
    OIDC,
    /** Somebody else is asked. */
    FORWARD_AUTH;

    /** All of them as the configuration says them, with commas between. */
    public static String words() {
        return Arrays.stream(values()).map(Mechanism::word).collect(Collectors.joining(", "));
    }

    /** The mechanism as the configuration says it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
