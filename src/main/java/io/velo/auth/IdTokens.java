package io.velo.auth;

import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.util.Base64URL;
import java.text.ParseException;
import java.time.Clock;
import java.util.concurrent.CompletionStage;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import reactor.core.publisher.Mono;

/** Checks the tokens by which a provider says who has logged in: by Spring Security's decoder, and that they answer our question. */
final class IdTokens {

    private final OidcSettings.Trust trust;
    private final SigningKeys keys;
    private final Clock clock;

    IdTokens(OidcSettings.Trust trust, SigningKeys keys, Clock clock) {
        this.trust = trust;
        this.keys = keys;
        this.clock = clock;
    }

    /**
     * The token, if it is good; fails by a {@link org.springframework.security.oauth2.jwt.JwtException} if it isn't, and by
     * another exception if that can't be found out.
     *
     * @param client for whom it must be
     * @param nonce what it must have
     */
    Mono<Jwt> checked(String token, ClientRegistration client, String nonce) {
        String key;
        try {
            key = JWSHeader.parse(Base64URL.from(token.substring(0, Math.max(0, token.indexOf('.')))))
                    .getKeyID();
        } catch (ParseException | IllegalArgumentException none) {
            return Mono.error(new BadJwtException("it isn't signed"));
        }
        boolean known = keys.loaded() && (key == null || keys.current().getKeyByKeyId(key) != null);
        CompletionStage<Boolean> renewed = known ? null : keys.renew();
        Mono<Boolean> ready = renewed == null ? Mono.just(true) : Mono.fromCompletionStage(renewed);
        return ready.map(any -> decoded(token, client, nonce));
    }

    private Jwt decoded(String token, ClientRegistration client, String nonce) {
        if (!keys.loaded()) {
            throw new IllegalStateException("its keys are unknown");
        }
        Jwt jwt = TokenDecoders.ofIdTokens(trust, keys, client, clock).decode(token);
        if (!nonce.equals(jwt.getClaimAsString("nonce"))) {
            throw new BadJwtException("it has another nonce");
        }
        return jwt;
    }
}
