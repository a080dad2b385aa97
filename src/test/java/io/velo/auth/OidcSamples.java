package io.velo.auth;

import com.nimbusds.jwt.JWTClaimsSet;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;

/** Settings and tokens of logins. */
final class OidcSamples {

    static final String SECRET = "0123456789abcdef0123456789abcdef";
    static final String NONCE = "n-0123456789";

    private OidcSamples() {}

    static OidcSettings settings() {
        return settings(SECRET, Tokens.AUDIENCE);
    }

    static OidcSettings settings(String secret, String client) {
        return new OidcSettings(
                Tokens.ISSUER,
                new OidcSettings.Client(client, "s3cret", List.of("openid", "email")),
                new OidcSettings.Places("/oauth2/callback", "/oauth2/logout", "/bye", ""),
                new OidcSettings.Session(
                        "velo_session",
                        secret,
                        Duration.ofHours(8),
                        new AuthSettings.Names("sub", "realm.roles", Set.of("tenant"))),
                new OidcSettings.Trust(
                        Set.of("RS256"), Duration.ofSeconds(60), Duration.ofMinutes(5), Duration.ofSeconds(10)),
                Duration.ofSeconds(5));
    }

    static OidcProvider.Endpoints endpoints() {
        return new OidcProvider.Endpoints(
                "https://issuer.test/authorize?p=1",
                "https://issuer.test/token",
                "https://issuer.test/jwks",
                java.util.Optional.of("https://issuer.test/end"),
                false);
    }

    /** Claims of a token that answers {@link #NONCE}. */
    static JWTClaimsSet.Builder claims() {
        return Tokens.claims("ann").issueTime(Date.from(Instant.now())).claim("nonce", NONCE);
    }
}
