package io.velo.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.JWTClaimsSet;
import io.velo.access.Authenticator;
import io.velo.access.Evidence;
import io.velo.testing.Fuzz;
import io.velo.testing.TestRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Credentials and keys, as bad as can be: they are good or they aren't, and nobody trips over them. */
class AuthFuzzTest {

    private static final int INPUTS = 500;
    private static final Tokens ISSUER = new Tokens("k1");
    private static final List<String> WORDS = List.of(
            ".",
            "=",
            "==",
            "{",
            "}",
            "[",
            "\"",
            ":",
            ",",
            "eyJhbGciOiJub25lIn0",
            "eyJ",
            "W1tbW1tb",
            "AAAA",
            "_",
            "-",
            "%",
            "%zz",
            "&",
            "key=",
            "Bearer ",
            "Basic ",
            "\u00ff",
            " ",
            ";",
            "velo_session=");

    private static Evidence shown(Authenticator authenticator, String field, String value) {
        return authenticator.examine(TestRequest.get("/?a=b").with(field, value));
    }

    @Test
    void tokensAreGoodOrNot() throws ParseException {
        String good = ISSUER.token(Tokens.claims("ann"));
        AuthSettings.Jwt settings = new AuthSettings.Jwt(
                Tokens.ISSUER,
                "",
                "",
                List.of(Tokens.AUDIENCE),
                Set.of("RS256"),
                new AuthSettings.Names("sub", "roles", Set.of()),
                Duration.ofSeconds(10),
                Duration.ofMinutes(5),
                Duration.ofSeconds(10));
        JwtAuthenticator jwt = new JwtAuthenticator(
                settings, SigningKeys.of(JWKSet.parse(Tokens.published(ISSUER))), InstantSource.system());

        Fuzz.of("auth-jwt", List.of("Bearer " + good), WORDS, INPUTS).texts(text -> {
            Evidence found = shown(jwt, "Authorization", text);
            if (found instanceof Evidence.Proven) { // its signature may be written in several ways
                assertThat(text.substring(7).trim()).startsWith(good.substring(0, good.lastIndexOf('.') + 1));
            }
        });
    }

    @Test
    void passwordsAreLookedAtOrNot() {
        BasicAuthenticator basic = new BasicAuthenticator(
                new AuthSettings.Basic(
                        "velo", Map.of("ann", new AuthSettings.User("x", Set.of())), Duration.ofMinutes(1)),
                new byte[32],
                task -> {
                    throw new RejectedExecutionException();
                });

        Fuzz.of("auth-basic", List.of("Basic YW5uOnMzY3JldA==", "basic Og=="), WORDS, INPUTS)
                .texts(text -> assertThat(shown(basic, "Authorization", text.replace("\0", "")))
                        .isIn(Evidence.NOTHING, Evidence.WRONG, Evidence.UNAVAILABLE));
    }

    @Test
    void keysAreKnownOrNot() {
        ApiKeyAuthenticator keys = new ApiKeyAuthenticator(new AuthSettings.ApiKeys("X-Key", "key", Map.of()));

        Fuzz.of("auth-key", List.of("a=b&key=c", "%6bey=%41"), WORDS, INPUTS).texts(text -> {
            String query = text.replaceAll("[^!-~]", "");
            assertThat(keys.examine(TestRequest.get("/?" + query)))
                    .isIn(Evidence.NOTHING, Evidence.WRONG, Evidence.MALFORMED);
            assertThat(shown(keys, "X-Key", text)).isEqualTo(Evidence.WRONG);
        });
    }

    @Test
    void cookiesAreOpenedOrNot() {
        InstantSource clock = InstantSource.system();
        OidcSessions sessions = new OidcSessions(OidcSamples.settings(), clock);
        String sealed = Seal.of(OidcSamples.settings(), "session", clock)
                .close(new JWTClaimsSet.Builder()
                        .subject("ann")
                        .claim("roles", List.of("dev"))
                        .claim("claims", Map.of("tenant", List.of("t1")))
                        .expirationTime(Date.from(clock.instant().plusSeconds(9999)))
                        .build());

        Fuzz.of("auth-cookie", List.of("velo_session=" + sealed, "a=b; velo_session=" + sealed), WORDS, INPUTS)
                .texts(text -> {
                    Evidence found = sessions.of(TestRequest.get("/").with("Cookie", text));
                    if (found instanceof Evidence.Proven proven) {
                        assertThat(proven.identity().name()).isEqualTo("ann");
                        assertThat(text).contains(sealed.substring(0, sealed.indexOf('.')));
                    } else {
                        assertThat(found).isIn(Evidence.NOTHING, Evidence.WRONG);
                    }
                });
    }

    @Test
    void filesOfKeysAreReadOrNot(@TempDir Path folder) {
        Path file = folder.resolve("key");
        List<String> corpus = List.of(
                Tokens.published(ISSUER),
                "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE\n-----END PUBLIC KEY-----\n",
                "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n");

        Fuzz.of("auth-key-file", corpus, WORDS, INPUTS).bytes(input -> {
            try {
                Files.write(file, input);
                assertThat(KeyFile.read(file.toString())).doesNotContain("\"d\"");
            } catch (IllegalArgumentException told) {
                assertThat(told.getMessage()).isNotBlank();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }
}
