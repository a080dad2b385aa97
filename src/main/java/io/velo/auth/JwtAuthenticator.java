package io.velo.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.util.Base64URL;
import io.velo.access.AccessRequest;
import io.velo.access.Authenticator;
import io.velo.access.Evidence;
import io.velo.access.Evidence.Later;
import io.velo.access.Evidence.Proven;
import io.velo.access.Identity;
import io.velo.access.Mechanism;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;

/**
 * Signed tokens. One that was found good stays so until it expires, at most {@link #LONGEST_REMEMBERED}, so that a signature
 * is checked once and not with each request; it is remembered by its hash alone.
 */
final class JwtAuthenticator implements Authenticator {

    /** After this time even a token that holds for days is checked again: its key may be gone. */
    static final Duration LONGEST_REMEMBERED = Duration.ofMinutes(5);

    private static final String SCHEME = "Bearer ";
    private static final int LONGEST = 8192;
    private static final int MOST_REMEMBERED = 10_000;

    private final SigningKeys keys;
    private final NimbusJwtDecoder decoder;
    private final AuthSettings.Names names;
    private final InstantSource clock;
    private final Cache<Digest, Good> good;

    JwtAuthenticator(AuthSettings.Jwt settings, SigningKeys keys, InstantSource clock) {
        this.keys = keys;
        this.decoder = TokenDecoders.of(settings, keys);
        this.names = settings.names();
        this.clock = clock;
        this.good = Caffeine.newBuilder()
                .maximumSize(MOST_REMEMBERED)
                .expireAfter(Expiry.<Digest, Good>creating((digest, each) -> each.remembered))
                .executor(Runnable::run)
                .build();
    }

    @Override
    public Evidence examine(AccessRequest request) {
        String token = Authorization.of(request, SCHEME);
        if (token.isEmpty()) {
            return Evidence.NOTHING;
        }
        if (token.equals(Authorization.REPEATED)) {
            return Evidence.MALFORMED;
        }
        if (token.length() > LONGEST) {
            return Evidence.WRONG;
        }
        Digest digest = Digest.of(token);
        Good known = good.getIfPresent(digest);
        return known == null ? checked(token, digest) : known.proven;
    }

    private Evidence checked(String token, Digest digest) {
        JWSHeader header = headerOf(token);
        if (header == null) {
            return Evidence.WRONG;
        }
        if (keys.loaded() && knows(header.getKeyID())) {
            return decoded(token, digest);
        }
        CompletionStage<Boolean> renewed = keys.renew();
        Supplier<Evidence> afterwards = () -> keys.loaded() ? decoded(token, digest) : Evidence.UNAVAILABLE;
        return renewed == null ? afterwards.get() : new Later(renewed.thenApply(any -> afterwards.get()));
    }

    /** Null if it is none of a signed token: {@code alg=none} isn't one. */
    private static @Nullable JWSHeader headerOf(String token) {
        int dot = token.indexOf('.');
        try {
            return dot < 0 ? null : JWSHeader.parse(new Base64URL(token.substring(0, dot)));
        } catch (ParseException | IllegalArgumentException none) {
            return null;
        }
    }

    /** A token that names no key is tried with all. */
    private boolean knows(@Nullable String key) {
        return key == null || keys.current().getKeyByKeyId(key) != null;
    }

    private Evidence decoded(String token, Digest digest) {
        try {
            Jwt jwt = decoder.decode(token);
            List<String> subject = Claims.of(jwt.getClaims(), names.principal());
            if (subject.size() != 1 || subject.get(0).isEmpty()) {
                return Evidence.WRONG;
            }
            Proven proven = new Proven(identityOf(subject.get(0), jwt.getClaims()));
            remember(digest, proven, jwt.getExpiresAt());
            return proven;
        } catch (JwtException | IllegalArgumentException bad) {
            return Evidence.WRONG;
        }
    }

    private Identity identityOf(String subject, Map<String, Object> claims) {
        return new Identity(
                subject, Mechanism.JWT, Claims.roles(claims, names.roles()), Claims.of(claims, names.claims()));
    }

    private void remember(Digest digest, Proven proven, @Nullable Instant expires) {
        Duration left = expires == null ? Duration.ZERO : Duration.between(clock.instant(), expires);
        if (left.compareTo(Duration.ZERO) > 0) {
            boolean whole = left.compareTo(LONGEST_REMEMBERED) < 0;
            good.put(digest, new Good(proven, whole ? left : LONGEST_REMEMBERED));
        }
    }

    @Override
    public String challenge(boolean wrong) {
        return wrong ? "Bearer realm=\"velo\", error=\"invalid_token\"" : "Bearer realm=\"velo\"";
    }

    private record Good(Proven proven, Duration remembered) {}
}
