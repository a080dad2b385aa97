package io.velo.admin;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** The token that operators have to show. It is compared in a time that tells nothing about it. */
final class AdminToken {

    private static final String SCHEME = "Bearer ";

    private final byte[] token;

    AdminToken(String token) {
        this.token = token.getBytes(StandardCharsets.UTF_8);
    }

    /** Whether there is one. Without it nobody may change anything. */
    boolean configured() {
        return token.length > 0;
    }

    /** Whether this value of {@code Authorization} shows it; the scheme's name in any case. */
    boolean shownBy(String authorization) {
        boolean bearer = authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
        byte[] shown =
                (bearer ? authorization.substring(SCHEME.length()).strip() : "").getBytes(StandardCharsets.UTF_8);
        return configured() && MessageDigest.isEqual(token, shown);
    }
}
