package io.velo.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.velo.access.Evidence;
import io.velo.access.Evidence.Proven;
import io.velo.access.Identity;
import io.velo.testing.TestRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.security.oauth2.jwt.Jwt;

class OidcSessionsTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private Instant now = NOW;
    private final InstantSource clock = () -> now;
    private final OidcSessions sessions = new OidcSessions(OidcSamples.settings(), clock);

    private static Jwt.Builder token() {
        return Jwt.withTokenValue("t")
                .header("alg", "RS256")
                .subject("ann")
                .claim("realm", Map.of("roles", List.of("admin", "dev")))
                .claim("tenant", "t1")
                .claim("email", "ann@example.org");
    }

    private String cookie() {
        return cookie(sessions.begin(token().build(), true).orElseThrow().value());
    }

    private static String cookie(String field) {
        return field.substring(field.indexOf('=') + 1, field.indexOf(';'));
    }

    private Evidence shown(String... cookies) {
        return sessions.of(TestRequest.get("/").with("Cookie", cookies));
    }

    @Test
    void isForVelosCookieAlone() {
        String field = sessions.begin(token().build(), true).orElseThrow().value();

        assertThat(field)
                .startsWith("velo_session=")
                .contains("; Path=/;", "; Max-Age=28800;", "; HTTPOnly", "; SameSite=Lax", "; Secure");
        assertThat(sessions.begin(token().build(), false).orElseThrow().value()).doesNotContain("Secure");
        assertThat(sessions.end(true).value()).startsWith("velo_session=;").contains("Max-Age=0;");
    }

    @Test
    void tellsWhoItIsOnEveryInstance() {
        Evidence found = new OidcSessions(OidcSamples.settings(), clock)
                .of(TestRequest.get("/").with("Cookie", "a=b; velo_session=" + cookie() + "; c=d"));

        Identity identity = ((Proven) found).identity();
        assertThat(identity).hasToString("oidc:ann");
        assertThat(identity.roles()).containsExactlyInAnyOrder("admin", "dev");
        assertThat(identity.claim("tenant")).containsExactly("t1");
        assertThat(identity.claim("email")).as("which nobody wants").isEmpty();
    }

    @Test
    void lastsForItsTime() {
        String cookie = "velo_session=" + cookie();

        now = NOW.plus(Duration.ofHours(8)).minusMillis(1);
        assertThat(shown(cookie)).isInstanceOf(Proven.class);
        now = NOW.plus(Duration.ofHours(8));
        assertThat(new OidcSessions(OidcSamples.settings(), clock)
                        .of(TestRequest.get("/").with("Cookie", cookie)))
                .isEqualTo(Evidence.WRONG);
    }

    @Test
    void isNothingIfForged() {
        assertThat(shown()).isEqualTo(Evidence.NOTHING);
        assertThat(shown("other=x; velo_session_login_1=x; xvelo_session=y")).isEqualTo(Evidence.NOTHING);
        assertThat(shown("velo_session=x")).isEqualTo(Evidence.WRONG);
        assertThat(shown("velo_session=" + "x".repeat(10_000))).isEqualTo(Evidence.WRONG);
        String another = new OidcSessions(OidcSamples.settings("y".repeat(32), Tokens.AUDIENCE), clock)
                .begin(token().build(), true)
                .orElseThrow()
                .value();
        assertThat(shown("velo_session=" + cookie(another))).isEqualTo(Evidence.WRONG);
    }

    @Test
    void oneThatWasSetByAnotherSiteDoesNotHideIt() {
        assertThat(shown("velo_session=x; velo_session=" + cookie())).isInstanceOf(Proven.class);
        assertThat(shown("velo_session=x", "velo_session=" + cookie())).isInstanceOf(Proven.class);
    }

    @Test
    void doesNotBeginWithoutASubjectNorBeyondACookie() {
        assertThat(sessions.begin(token().subject("").build(), true)).isEmpty();
        assertThat(sessions.begin(token().claim("tenant", "x".repeat(4000)).build(), true))
                .isEmpty();
    }
}
