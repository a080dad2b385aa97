package io.velo.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.JWKSet;
import io.velo.access.Evidence;
import io.velo.access.Identity;
import io.velo.testing.TestRequest;
import java.text.ParseException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JwtAuthenticatorTest {

    private static final Tokens ISSUER = new Tokens("k1");
    private static final AuthSettings.Jwt SETTINGS = settings("realm.roles");

    private final JwtAuthenticator authenticator = with(SigningKeys.of(keys(ISSUER)));

    private static AuthSettings.Jwt settings(String rolesClaim) {
        return new AuthSettings.Jwt(
                Tokens.ISSUER,
                "",
                "",
                List.of(Tokens.AUDIENCE),
                Set.of("RS256"),
                new AuthSettings.Names("sub", rolesClaim, Set.of("scope", "tenant.id")),
                Duration.ofSeconds(10),
                Duration.ofMinutes(5),
                Duration.ofSeconds(10));
    }

    private static JwtAuthenticator with(SigningKeys keys) {
        return new JwtAuthenticator(SETTINGS, keys, InstantSource.system());
    }

    private static JWKSet keys(Tokens... issuers) {
        try {
            return JWKSet.parse(Tokens.published(issuers));
        } catch (ParseException e) {
            throw new IllegalStateException(e);
        }
    }

    private static TestRequest bearing(String token) {
        return TestRequest.get("/").with("Authorization", "Bearer " + token);
    }

    private static Identity identity(Evidence evidence) {
        return ((Evidence.Proven) evidence).identity();
    }

    @Test
    void knowsWhoAGoodTokenIsOf() {
        String token = ISSUER.token(Tokens.claims("ann")
                .claim("realm", Map.of("roles", List.of("admin", "dev")))
                .claim("tenant", Map.of("id", 7))
                .claim("scope", "read write")
                .claim("private", "x"));

        Identity ann = identity(authenticator.examine(bearing(token)));

        assertThat(ann.name()).isEqualTo("ann");
        assertThat(ann.roles()).containsExactlyInAnyOrder("admin", "dev");
        assertThat(ann.claim("scope")).containsExactly("read", "write");
        assertThat(ann.claim("tenant.id")).containsExactly("7");
        assertThat(ann.claim("private")).as("that nobody wants to know").isEmpty();
    }

    @Test
    void refusesEachBadToken() {
        BadTokens.of(ISSUER).forEach((why, token) -> {
            assertThat(authenticator.examine(bearing(token))).as(why).isEqualTo(Evidence.WRONG);
            assertThat(authenticator.examine(bearing(token)))
                    .as("again: " + why)
                    .isEqualTo(Evidence.WRONG);
        });
    }

    @Test
    void remembersWhatIsGood() {
        String token = ISSUER.token(Tokens.claims("ann"));

        assertThat(authenticator.examine(bearing(token))).isSameAs(authenticator.examine(bearing(token)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Basic YTpi", "Bearer", "Bearer ", "Digest x", "Bearerx"})
    void looksAtBearersAlone(String authorization) {
        assertThat(authenticator.examine(TestRequest.get("/").with("Authorization", authorization)))
                .isEqualTo(Evidence.NOTHING);
        assertThat(authenticator.examine(TestRequest.get("/"))).isEqualTo(Evidence.NOTHING);
    }

    @Test
    void takesTheSchemeInAnyCase() {
        TestRequest request =
                TestRequest.get("/").with("Authorization", "bEARER " + ISSUER.token(Tokens.claims("ann")));

        assertThat(identity(authenticator.examine(request)).name()).isEqualTo("ann");
    }

    @Test
    void refusesTwo() {
        String token = "Bearer " + ISSUER.token(Tokens.claims("ann"));

        assertThat(authenticator.examine(TestRequest.get("/").with("Authorization", token, token)))
                .isEqualTo(Evidence.MALFORMED);
    }

    @Test
    void asksForKeysThatItDoesNotKnow() {
        Tokens next = new Tokens("k2");
        CompletableFuture<Boolean> renewed = new CompletableFuture<>();
        JWKSet[] current = {keys(ISSUER)};
        JwtAuthenticator asking = with(new SigningKeys() {
            @Override
            public JWKSet current() {
                return current[0];
            }

            @Override
            public boolean loaded() {
                return !current[0].isEmpty();
            }

            @Override
            public CompletionStage<Boolean> renew() {
                return renewed;
            }
        });

        Evidence evidence = asking.examine(bearing(next.token(Tokens.claims("bob"))));
        current[0] = keys(ISSUER, next);
        renewed.complete(true);

        assertThat(((Evidence.Later) evidence).found().toCompletableFuture())
                .isCompletedWithValueMatching(found -> identity(found).name().equals("bob"));
    }

    @Test
    void cannotTellWithoutAnyKeys() {
        JwtAuthenticator keyless = with(new SigningKeys() {
            @Override
            public JWKSet current() {
                return new JWKSet();
            }

            @Override
            public boolean loaded() {
                return false;
            }

            @Override
            public CompletionStage<Boolean> renew() {
                return CompletableFuture.completedFuture(false);
            }
        });

        Evidence evidence = keyless.examine(bearing(ISSUER.token(Tokens.claims("ann"))));

        assertThat(((Evidence.Later) evidence).found().toCompletableFuture())
                .isCompletedWithValue(Evidence.UNAVAILABLE);
    }

    @Test
    void asksForATokenAndTellsThatOneIsWrong() {
        assertThat(authenticator.challenge(false)).isEqualTo("Bearer realm=\"velo\"");
        assertThat(authenticator.challenge(true)).isEqualTo("Bearer realm=\"velo\", error=\"invalid_token\"");
    }
}
