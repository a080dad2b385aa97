package io.velo.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.nimbusds.jwt.JWTClaimsSet;
import io.velo.access.AccessRequest;
import io.velo.access.Evidence;
import io.velo.access.Evidence.Proven;
import io.velo.access.Identity;
import io.velo.access.Mechanism;
import io.velo.access.Refusal;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.security.oauth2.jwt.Jwt;

/**
 * Who has logged in. The browser keeps it, sealed, so all instances that have the same secret know it and none has to remember
 * anything; what was opened once is remembered by its hash, for a while, so that it isn't opened with each request.
 */
final class OidcSessions {

    private static final Duration LONGEST_REMEMBERED = Duration.ofMinutes(5);
    private static final int MOST_REMEMBERED = 10_000;
    private static final String ROLES = "roles";
    private static final String CLAIMS = "claims";

    private final OidcSettings.Session settings;
    private final Seal seal;
    private final InstantSource clock;
    private final Cache<Digest, Known> opened;

    OidcSessions(OidcSettings settings, InstantSource clock) {
        this.settings = settings.session();
        this.seal = Seal.of(settings, "session", clock);
        this.clock = clock;
        this.opened = Caffeine.newBuilder()
                .maximumSize(MOST_REMEMBERED)
                .expireAfter(Expiry.<Digest, Known>creating((digest, known) -> known.remembered))
                .executor(Runnable::run)
                .build();
    }

    /** Who sends a request, if its browser has a session. */
    Evidence of(AccessRequest request) {
        Evidence found = Evidence.NOTHING;
        for (String cookie : OidcCookies.values(request, settings.cookie())) {
            found = of(cookie);
            if (found instanceof Proven) {
                return found;
            }
        }
        return found;
    }

    private Evidence of(String cookie) {
        if (cookie.length() > Seal.LONGEST) {
            return Evidence.WRONG;
        }
        Digest digest = Digest.of(cookie);
        Known known = opened.getIfPresent(digest);
        if (known != null) {
            return known.proven;
        }
        return seal.open(cookie).flatMap(claims -> read(claims, digest)).orElse(Evidence.WRONG);
    }

    private Optional<Evidence> read(JWTClaimsSet claims, Digest digest) {
        try {
            Map<String, List<String>> others = new LinkedHashMap<>();
            claims.getJSONObjectClaim(CLAIMS)
                    .forEach((name, values) -> others.put(
                            name,
                            ((List<?>) values).stream().map(String::valueOf).toList()));
            Proven proven = new Proven(
                    new Identity(claims.getSubject(), Mechanism.OIDC, claims.getStringListClaim(ROLES), others));
            Duration left =
                    Duration.between(clock.instant(), claims.getExpirationTime().toInstant());
            boolean whole = left.compareTo(LONGEST_REMEMBERED) < 0;
            opened.put(digest, new Known(proven, whole ? left : LONGEST_REMEMBERED));
            return Optional.of(proven);
        } catch (ParseException e) {
            return Optional.empty();
        }
    }

    /**
     * Lets a session begin.
     *
     * @return what the browser is to keep; empty if the token doesn't name its subject, or what it says is too much for a cookie
     */
    Optional<Refusal.Field> begin(Jwt token, boolean secure) {
        AuthSettings.Names names = settings.names();
        List<String> subject = Claims.of(token.getClaims(), names.principal());
        if (subject.size() != 1 || subject.get(0).isEmpty()) {
            return Optional.empty();
        }
        Instant now = clock.instant();
        String sealed = seal.close(new JWTClaimsSet.Builder()
                .subject(subject.get(0))
                .claim(ROLES, Claims.roles(token.getClaims(), names.roles()))
                .claim(CLAIMS, Claims.of(token.getClaims(), names.claims()))
                .expirationTime(Date.from(now.plus(settings.lifetime())))
                .build());
        return sealed.length() > Seal.LONGEST
                ? Optional.empty()
                : Optional.of(OidcCookies.set(settings.cookie(), sealed, "/", settings.lifetime(), secure));
    }

    /** Ends one. */
    Refusal.Field end(boolean secure) {
        return OidcCookies.clear(settings.cookie(), "/", secure);
    }

    private record Known(Proven proven, Duration remembered) {}
}
