package io.velo.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtException;
import reactor.core.publisher.Mono;

class IdTokensTest {

    private static final Tokens PROVIDER = new Tokens("k1");
    private static final OidcSettings SETTINGS = OidcSamples.settings();
    private static final ClientRegistration CLIENT =
            new OidcLogin("s", "n", "v", "https://velo.test/back", "/").registration(SETTINGS, OidcSamples.endpoints());

    private final IdTokens tokens = new IdTokens(SETTINGS.trust(), keys(PROVIDER), Clock.systemUTC());

    private static SigningKeys keys(Tokens... all) {
        try {
            return SigningKeys.of(JWKSet.parse(Tokens.published(all)));
        } catch (ParseException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Jwt checked(IdTokens by, String token) {
        return by.checked(token, CLIENT, OidcSamples.NONCE).toFuture().join();
    }

    @Test
    void takesWhatIsGood() {
        assertThat(checked(tokens, PROVIDER.token(OidcSamples.claims())).getSubject())
                .isEqualTo("ann");
        assertThat(checked(
                                tokens,
                                PROVIDER.token(OidcSamples.claims()
                                        .audience(List.of("other", Tokens.AUDIENCE))
                                        .claim("azp", Tokens.AUDIENCE)))
                        .getSubject())
                .isEqualTo("ann");
    }

    @Test
    void takesNothingElse() throws JOSEException {
        Instant now = Instant.now();
        Map<String, String> bad = new LinkedHashMap<>();
        bad.put("another nonce", PROVIDER.token(OidcSamples.claims().claim("nonce", "other")));
        bad.put("no nonce", PROVIDER.token(OidcSamples.claims().claim("nonce", null)));
        bad.put("another audience", PROVIDER.token(OidcSamples.claims().audience("other")));
        bad.put("several, none authorized", PROVIDER.token(OidcSamples.claims().audience(List.of("o", "velo"))));
        bad.put("another authorized", PROVIDER.token(OidcSamples.claims().claim("azp", "other")));
        bad.put("another issuer", PROVIDER.token(OidcSamples.claims().issuer("https://other.test")));
        bad.put("expired", PROVIDER.token(OidcSamples.claims().expirationTime(Date.from(now.minusSeconds(300)))));
        bad.put("of the future", PROVIDER.token(OidcSamples.claims().issueTime(Date.from(now.plusSeconds(300)))));
        bad.put("without expiry", PROVIDER.token(OidcSamples.claims().expirationTime(null)));
        bad.put("nobody's", PROVIDER.token(OidcSamples.claims().subject(null)));
        bad.put("a stranger's of the same name", new Tokens("k1").token(OidcSamples.claims()));
        bad.put("a stranger's", new Tokens("k2").token(OidcSamples.claims()));
        bad.put("alg=none", new PlainJWT(OidcSamples.claims().build()).serialize());
        bad.put("signed with the public key as a secret", byPublicKey());
        bad.put("by another algorithm", PROVIDER.token(header(JWSAlgorithm.RS512, "JWT"), OidcSamples.claims()));
        bad.put("an access token", PROVIDER.token(header(JWSAlgorithm.RS256, "at+jwt"), OidcSamples.claims()));
        bad.put("no token", "x");
        bad.put("nothing", "");

        bad.forEach((what, token) -> assertThat(catchThrowable(() -> checked(tokens, token)))
                .as(what)
                .hasCauseInstanceOf(JwtException.class));
    }

    private static JWSHeader header(JWSAlgorithm algorithm, String type) {
        return new JWSHeader.Builder(algorithm)
                .keyID("k1")
                .type(new JOSEObjectType(type))
                .build();
    }

    private static String byPublicKey() throws JOSEException {
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("k1").build(),
                OidcSamples.claims().build());
        token.sign(new MACSigner(PROVIDER.key().toRSAPublicKey().getEncoded()));
        return token.serialize();
    }

    @Test
    void looksForKeysThatItDoesNotKnow() {
        Tokens next = new Tokens("k2");
        String[] published = {Tokens.published(PROVIDER)};
        RemoteKeys remote = new RemoteKeys(
                () -> Mono.fromSupplier(() -> published[0]), Duration.ofMinutes(5), Duration.ZERO, System::nanoTime);
        IdTokens rotating = new IdTokens(SETTINGS.trust(), remote, Clock.systemUTC());
        checked(rotating, PROVIDER.token(OidcSamples.claims()));

        published[0] = Tokens.published(next);

        assertThat(checked(rotating, next.token(OidcSamples.claims())).getSubject())
                .isEqualTo("ann");
        assertThat(catchThrowable(() -> checked(rotating, PROVIDER.token(OidcSamples.claims()))))
                .hasCauseInstanceOf(JwtException.class);
    }

    @Test
    void withoutKeysItCannotTell() {
        RemoteKeys none = new RemoteKeys(
                () -> Mono.error(new IllegalStateException("down")),
                Duration.ofMinutes(5),
                Duration.ZERO,
                System::nanoTime);

        assertThat(catchThrowable(() -> checked(
                        new IdTokens(SETTINGS.trust(), none, Clock.systemUTC()), PROVIDER.token(OidcSamples.claims()))))
                .hasCauseInstanceOf(IllegalStateException.class);
    }
}
