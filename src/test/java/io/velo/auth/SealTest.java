package io.velo.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.junit.jupiter.api.Test;

class SealTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final Seal seal = Seal.of(OidcSamples.settings(), "login", () -> NOW);

    private static JWTClaimsSet claims(Duration time) {
        return new JWTClaimsSet.Builder()
                .subject("ann")
                .expirationTime(Date.from(NOW.plus(time)))
                .build();
    }

    @Test
    void whoHasTheSecretOpensIt() {
        String sealed = seal.close(claims(Duration.ofSeconds(1)));

        assertThat(Seal.of(OidcSamples.settings(), "login", () -> NOW).open(sealed))
                .hasValueSatisfying(found -> assertThat(found.getSubject()).isEqualTo("ann"));
        assertThat(sealed).matches("[A-Za-z0-9._-]+").doesNotContain("ann");
        assertThat(seal.close(claims(Duration.ofSeconds(1)))).isNotEqualTo(sealed);
    }

    @Test
    void nobodyElseDoes() {
        String sealed = seal.close(claims(Duration.ofSeconds(1)));

        for (Seal other : List.of(
                Seal.of(OidcSamples.settings(), "session", () -> NOW),
                Seal.of(OidcSamples.settings("x".repeat(32), Tokens.AUDIENCE), "login", () -> NOW),
                Seal.of(OidcSamples.settings(OidcSamples.SECRET, "another"), "login", () -> NOW))) {
            assertThat(other.open(sealed)).isEmpty();
        }
    }

    @Test
    void whatIsChangedIsNothing() {
        String sealed = seal.close(claims(Duration.ofHours(1)));
        for (int at = 0; at < sealed.length() - 1; at++) {
            char other = sealed.charAt(at) == 'A' ? 'B' : 'A';
            String changed = sealed.substring(0, at) + other + sealed.substring(at + 1);
            if (!isSpareBits(sealed, at)) {
                assertThat(seal.open(changed)).as(changed).isEmpty();
            }
            assertThat(seal.open(sealed.substring(0, at))).isEmpty();
        }
    }

    /** The last character of a part has bits that say nothing. */
    private static boolean isSpareBits(String sealed, int at) {
        return sealed.charAt(at + 1) == '.';
    }

    @Test
    void timeEndsIt() {
        assertThat(seal.open(seal.close(claims(Duration.ofSeconds(1))))).isPresent();
        assertThat(seal.open(seal.close(claims(Duration.ZERO)))).isEmpty();
        assertThat(seal.open(seal.close(claims(Duration.ofSeconds(-1))))).isEmpty();
        assertThat(seal.open(
                        seal.close(new JWTClaimsSet.Builder().subject("ann").build())))
                .isEmpty();
    }

    @Test
    void otherTextIsNothing() {
        for (String text : List.of(
                "",
                "x",
                "....",
                "a.b.c.d.e",
                new PlainJWT(claims(Duration.ofHours(1))).serialize(),
                "x".repeat(5000))) {
            assertThat(seal.open(text)).as(text).isEmpty();
        }
    }
}
